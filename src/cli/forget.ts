import { forget } from '../console/api/forget.ts';
import { invalidConfiguration } from '../configuration/invalid-configuration.ts';
import type { ForgetTarget } from '../store/forgetting.ts';
import type { CliCommand } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';

interface ForgetOptions extends ActionOptions {
  readonly decision?: string;
  readonly episode?: string;
  readonly scope?: string;
  readonly yes?: true;
}

/** `ratchet forget`: a user's words, gone for good. */
export const forgetCommand: CliCommand = {
  name: 'forget',
  summary: 'have the words of a user forgotten; there is no way back',
  define: (command, context) => {
    addReasonOption(addActionOptions(command))
      .option('--decision <id>', 'one request')
      .option('--episode <id>', 'one conversation; with --scope only that of this key or credential')
      .option('--scope <id>', 'all that came with one key or credential')
      .option('--yes', 'do it: nothing brings the words back')
      .addHelpText(
        'after',
        `
Deletes texts of requests and answers, comments, right answers and tags of feedback, and what variants answered to these
requests. Rewards, probabilities, ids, times and costs stay. Prompts that quote a text, mirrored requests in memory, exports,
traces and backups are not reached; docs/api.md has the whole list. May be repeated. Where a server is running ask it
(--server): what it has yet to write is forgotten too.

Examples:
  ratchet forget --episode chat-4711 --reason "asked by the user" --yes
  ratchet forget --scope web --server https://ratchet.example --yes`,
      )
      .action(
        context.run(async (options: ForgetOptions) => {
          const target = targetOf(options);
          if (options.yes !== true)
            throw invalidConfiguration('--yes', 'say it where the words are to be gone for good');
          return act({ options, context }, 'nothing was forgotten', async ({ ask }) => {
            const whole = await ask(forget, { body: { target, ...reasonOf(options) } });
            return {
              whole,
              lines: [
                `forgotten: texts of ${whole.decisions} requests, words of ${whole.feedback} feedbacks, ${whole.groundTruths} right answers, ${whole.shadowRuns} answers of variants`,
                'this cannot be undone',
              ],
            };
          });
        }),
      );
  },
};

function targetOf({ decision, episode, scope }: ForgetOptions): ForgetTarget {
  if (decision !== undefined && episode === undefined && scope === undefined)
    return { kind: 'decision', decisionId: decision };
  if (decision === undefined && episode !== undefined)
    return { kind: 'episode', episodeId: episode, ...(scope === undefined ? {} : { scope }) };
  if (decision === undefined && scope !== undefined) return { kind: 'scope', scope };
  throw invalidConfiguration('ratchet forget', 'give --decision, or --episode, or --scope');
}
