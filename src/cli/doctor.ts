import { RatchetError } from '../domain/ratchet-error.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { diagnose } from './doctor-checks.ts';
import type { Finding } from './finding.ts';
import { addServerOptions, configOf, type ServerOptions } from './server-options.ts';

const marks = { ok: '✓', warning: '!', failure: '✗' } as const;

/** `ratchet doctor`: would a server with this configuration work? */
export const doctorCommand: CliCommand = {
  name: 'doctor',
  summary: 'check configuration, upstream, database, clock and permissions',
  define: (command, context) => {
    addServerOptions(command)
      .option('--json', 'print one JSON object (default: text for people)')
      .addHelpText(
        'after',
        '\nExamples:\n  ratchet doctor\n  ratchet doctor --upstream http://localhost:11434/v1 --json',
      )
      .action(
        context.run(async (options: ServerOptions & { readonly json?: true }) => {
          const findings = await findAll(() => diagnose(configOf(options, context)));
          const isFine = findings.every(({ status }) => status !== 'failure');
          context.print(options.json ? `${JSON.stringify({ isFine, findings })}\n` : textOf(findings));
          return isFine ? exitCodes.ok : exitCodes.failed;
        }),
      );
  },
};

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
