import { readShrinkage } from '../gate/read-shrinkage.ts';
import type { PromotionOutcome, ShrinkageReport } from '../gate/shrinkage.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { findTask } from './find-task.ts';
import { signed } from './lines/figures.ts';
import { withDatabase } from './open-database.ts';
import { addServerOptions, type ServerOptions } from './server-options.ts';

/** `ratchet report`: what promotions promised beside what came of them. */
export const reportCommand: CliCommand = {
  name: 'report',
  summary: 'compare what promotions promised in shadow with their live value',
  define: (command, context) => {
    addServerOptions(command.argument('<task>', 'name or id of the task, or its beginning'))
      .option('--json', 'print one JSON object (default: text for people)')
      .addHelpText(
        'after',
        `
Needs the database alone. Shadow estimates are differences of graders' scores, live values differences of rewards between
the arm and the incumbent before it while both served. What is past retention cannot be compared any more.

Examples:
  ratchet report support-triage
  ratchet report support-triage --json`,
      )
      .action(
        context.run(async (name: string, options: ServerOptions & { readonly json?: true }) => {
          const { task, report } = await withDatabase({ options, context }, 'reader', async (store) => {
            const view = await findTask(store, name);
            return { task: view.task, report: await readShrinkage(view.task.id, store) };
          });
          const whole = { taskId: task.id, taskName: task.name, ...report };
          context.print(`${options.json ? JSON.stringify(whole) : reportLines(report).join('\n')}\n`);
          return exitCodes.ok;
        }),
      );
  },
};

function reportLines({
  promotions,
  compared,
  shadowMean,
  liveMean,
  kept,
  harmful,
}: ShrinkageReport): readonly string[] {
  if (promotions.length === 0) return ['nothing has been promoted yet'];
  const whole =
    shadowMean === null || liveMean === null
      ? 'none of them can be compared with live traffic'
      : `${compared} of ${promotions.length} promotions compared: ${signed(shadowMean)} in shadow, ${signed(liveMean)} live` +
        (kept === null
          ? ''
          : `; of a promised gain ${kept.ratio.toFixed(2)} ± ${kept.standardError.toFixed(2)} arrived`);
  return [...promotions.map(promotionLine), whole, `${harmful} with a live interval below zero`];
}

function promotionLine({ campaignId, state, shadow, live }: PromotionOutcome): string {
  const promised =
    shadow === null
      ? 'no pairs'
      : `shadow ${signed(shadow.mean)} ± ${shadow.standardError.toFixed(3)} (${shadow.pairs} pairs)`;
  const came =
    live === null
      ? 'live not identified'
      : `live ${signed(live.mean)} [${signed(live.low)}, ${signed(live.high)}] (${Math.round(live.candidateEpisodes)} and ${Math.round(live.incumbentEpisodes)} episodes)`;
  return `${campaignId}  ${state.padEnd(11)} ${promised}, ${came}`;
}
