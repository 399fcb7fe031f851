import { exitCodes, type CliCommand } from './cli-command.ts';
import { addControlOptions, withControl, type ControlOptions } from './control/control-options.ts';
import { readExplanation } from './control/read-explanation.ts';
import { explanationLines } from './lines/explanation-lines.ts';
import { paintOf } from './lines/paint.ts';
import { printAnswer } from './lines/print.ts';

/** `ratchet explain`: why a request got the prompt that it got. */
export const explainCommand: CliCommand = {
  name: 'explain',
  summary: 'explain one request: why this variant, what came of it, who let it serve',
  define: (command, context) => {
    addControlOptions(
      command.argument(
        '<decision>',
        'x-ratchet-decision of the response, its bare id, a completion id, or an episode (its newest request)',
      ),
    )
      .addHelpText(
        'after',
        `
From the request back to its cause: propensity and attribution, the plan that served, the campaign and verdict behind the
variant, the change of the prompt, the episode, feedback, and what other variants answered off the user's path. --json has
the API's answers as decision, task, plan, variant, campaign and episode; null where one is past retention.

Examples:
  ratchet explain chatcmpl-9cKx
  ratchet explain 01JB6ZK3QH --server http://127.0.0.1:8787
  ratchet explain 01JB6ZK3QH --json | jq '.decision.propensity, .plan.verdict'`,
      )
      .action(
        context.run(async (name: string, options: ControlOptions) => {
          const read = await withControl({ options, context }, 'reader', async ({ ask }) =>
            readExplanation(ask, name),
          );
          const lines = (): readonly string[] =>
            explanationLines(read, paintOf(context), context.terminal?.columns ?? null);
          printAnswer(context, options, { whole: read, lines });
          return exitCodes.ok;
        }),
      );
  },
};
