import { InvalidArgumentError } from 'commander';
import { RatchetError } from '../domain/ratchet-error.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { checkProof, type CheckedProof } from './check-proof.ts';
import { exitCodes, type CliCommand, type CliContext } from './cli-command.ts';
import { diagnose } from './doctor-checks.ts';
import type { Finding } from './finding.ts';
import { withDatabase } from './open-database.ts';
import { addServerOptions, configOf, type ServerOptions } from './server-options.ts';

interface DoctorOptions extends ServerOptions {
  readonly task?: string;
  readonly effect: number;
  readonly json?: true;
}

/** Gain in score that `--task` asks about unless told otherwise. */
const effectDefault = 0.05;

const marks = { ok: '✓', warning: '!', failure: '✗' } as const;

/** `ratchet doctor`: would a server with this configuration work? */
export const doctorCommand: CliCommand = {
  name: 'doctor',
  summary: 'check configuration, upstream, database, clock and permissions',
  define: (command, context) => {
    addServerOptions(command)
      .option('--task <name>', 'also say how long an edit of this task would take to prove')
      .option('--effect <number>', 'gain in score of that edit, above 0 and below 1', effectOf, effectDefault)
      .option('--json', 'print one JSON object (default: text for people)')
      .addHelpText(
        'after',
        '\nExamples:\n  ratchet doctor\n  ratchet doctor --upstream http://localhost:11434/v1 --json\n  ratchet doctor --task support-triage',
      )
      .action(
        context.run(async (options: DoctorOptions) => {
          const found = await findAll(() => diagnose(configOf(options, context)));
          const proof =
            options.task === undefined ? undefined : await proofOf(options.task, options, context);
          const findings = proof === undefined ? found : [...found, proof.finding];
          const isFine = findings.every(({ status }) => status !== 'failure');
          const whole = { isFine, findings, ...(proof === undefined ? {} : { proof }) };
          context.print(options.json ? `${JSON.stringify(whole)}\n` : textOf(findings));
          return isFine ? exitCodes.ok : exitCodes.failed;
        }),
      );
  },
};

async function proofOf(task: string, options: DoctorOptions, context: CliContext): Promise<CheckedProof> {
  const { effect } = options;
  return await withDatabase(
    { options, context },
    'reader',
    async (store) => await checkProof(store, { task, effect, nowMs: systemClock.now() }),
  );
}

function effectOf(text: string): number {
  const effect = Number(text);
  if (!(effect > 0 && effect < 1)) throw new InvalidArgumentError('Expected a number above 0 and below 1.');
  return effect;
}

/** A configuration that cannot be read is a finding too, here. */
async function findAll(look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof RatchetError)) throw error;
    return [
      {
        name: 'configuration',
        status: 'failure',
        detail: error.message,
        fix: 'correct it, then run doctor again',
      },
    ];
  }
}

function textOf(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ name, status, detail, fix }) =>
        `${marks[status]} ${name.padEnd(13)} ${detail}\n${fix === null ? '' : `  ${' '.repeat(13)} → ${fix}\n`}`,
    )
    .join('');
}
