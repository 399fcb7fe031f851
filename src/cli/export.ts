import { Argument, Option } from 'commander';
import { resolve } from 'node:path';
import {
  exportDecisions,
  exportEpisodes,
  exportExamples,
  exportPreferences,
} from '../console/api/exports.ts';
import type { Operation } from '../console/api/operation.schema.ts';
import { invalidConfiguration } from '../configuration/invalid-configuration.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { addControlOptions, withControl, type ControlOptions } from './control/control-options.ts';
import { findTask } from './control/find.ts';
import { writeNewFile } from './write-new-file.ts';

/** What can be exported, and which options it heeds besides `--since` and `--until`. */
const kinds = {
  episodes: { operation: exportEpisodes, heeds: [] },
  decisions: { operation: exportDecisions, heeds: ['texts'] },
  preferences: { operation: exportPreferences, heeds: ['format'] },
  sft: { operation: exportExamples, heeds: ['above'] },
} as const satisfies Readonly<
  Record<string, { readonly operation: Operation; readonly heeds: readonly Particular[] }>
>;

type Particular = 'texts' | 'format' | 'above';

interface ExportOptions extends ControlOptions {
  readonly since?: string;
  readonly until?: string;
  readonly texts?: true;
  readonly format?: string;
  readonly above?: string;
  readonly out?: string;
}

/** `ratchet export`: what was recorded, as JSON Lines. */
export const exportCommand: CliCommand = {
  name: 'export',
  summary: 'export episodes, decisions, preference pairs or fine-tuning examples',
  define: (command, context) => {
    addControlOptions(
      command
        .addArgument(new Argument('<what>', 'what to export').choices(Object.keys(kinds)))
        .argument('<task>', 'name or id of the task'),
    )
      .option('--since <moment>', 'only what was decided after this, such as 2026-11-21T12:00:00Z')
      .option('--until <moment>', 'only what was decided by then')
      .option('--texts', 'decisions: requests and answers too')
      .addOption(
        new Option('--format <name>', 'preferences: for whom (default: openai)').choices(['openai', 'trl']),
      )
      .option('--above <reward>', 'sft: only answers with a greater reward (default: 0)')
      .option('--out <file>', 'new file, readable by its owner only (default: standard output)')
      .addHelpText(
        'after',
        `
One JSON object a line, oldest first, streamed: an export of any size takes little memory. episodes has one line a draw, for
off-policy work; preferences has pairs of answers that graders told apart; sft has answers with a reward. An export that
breaks off exits with 1, and leaves no file behind.

Examples:
  ratchet export episodes support-triage --since 2026-11-01 > episodes.jsonl
  ratchet export preferences support-triage --format trl --out preferences.jsonl
  ratchet export decisions support-triage --texts --server http://127.0.0.1:8787 | head -1 | jq .`,
      )
      .action(
        context.run(async (what: keyof typeof kinds, name: string, options: ExportOptions) => {
          const { operation } = kinds[what];
          const query = queryOf(what, options);
          return withControl({ options, context }, 'reader', async ({ ask, stream }) => {
            const { id } = await findTask(ask, name);
            const chunks = stream(operation, { query: { task: id, ...query } });
            if (options.out === undefined) for await (const chunk of chunks) context.print(chunk);
            else {
              const file = resolve(context.folder, options.out);
              const bytes = await writeNewFile(file, chunks);
              context.printError(`${what} of ${id} exported to ${file}, ${(bytes / 1e6).toFixed(1)} MB\n`);
            }
            return exitCodes.ok;
          });
        }),
      );
  },
};

function queryOf(what: keyof typeof kinds, options: ExportOptions): Readonly<Record<string, string>> {
  const heeds: readonly string[] = kinds[what].heeds;
  const particular = { texts: options.texts && 'true', format: options.format, above: options.above };
  for (const [name, value] of Object.entries(particular))
    if (value !== undefined && !heeds.includes(name))
      throw invalidConfiguration(`--${name}`, `is not for ${what}`);
  const { since, until } = options;
  return Object.fromEntries(
    Object.entries({ ...particular, since, until }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
