import { isAwaitingApproval } from '../domain/approval.ts';
import type { Review } from '../gate/review.ts';
import type { Store } from '../store/store.ts';
import { exitCodes, type CliCommand } from './cli-command.ts';
import { withDatabase } from './open-database.ts';
import { readReview } from './read-review.ts';
import { reviewLines } from './review-lines.ts';
import { addServerOptions, type ServerOptions } from './server-options.ts';
import { terminalText } from './terminal-text.ts';

/** `ratchet review`: what waits for a person, and all that is needed to decide on it. */
export const reviewCommand: CliCommand = {
  name: 'review',
  summary: 'show proposals that wait for a person, or everything about one',
  define: (command, context) => {
    addServerOptions(
      command.argument(
        '[campaign]',
        'id of a campaign in whatever state, or its beginning (default: list those that wait)',
      ),
    )
      .option('--json', 'print one JSON object (default: text for people)')
      .addHelpText(
        'after',
        `
Shows the change of the prompt, the expected effect with its interval, segments, what an answer takes, the evidence, and
requests that were answered differently.

Examples:
  ratchet review
  ratchet review 3kTfX2
  ratchet review 3kTfX2 --json`,
      )
      .action(
        context.run(
          async (campaignId: string | undefined, options: ServerOptions & { readonly json?: true }) => {
            const print = (whole: unknown, lines: readonly string[]): void =>
              context.print(`${options.json ? JSON.stringify(whole) : lines.join('\n')}\n`);
            await withDatabase({ options, context }, 'reader', async (store) => {
              if (campaignId === undefined) {
                const waiting = await readWaiting(store);
                print({ waiting }, waitingLines(waiting));
              } else {
                const read = await readReview(store, campaignId);
                print(read, reviewLines(read));
              }
            });
            return exitCodes.ok;
          },
        ),
      );
  },
};

interface Waiting {
  readonly taskName: string;
  readonly review: Review;
}

async function readWaiting(store: Store): Promise<readonly Waiting[]> {
  const waiting: Waiting[] = [];
  const { tasks } = await store.readSnapshot(0);
  for (const { task } of tasks)
    for (const campaign of await store.readCampaigns(task.id, 'open'))
      // Without `approve: manual` the gate goes on by itself.
      if (task.config.gate.approve === 'manual' && isAwaitingApproval(campaign)) {
        const { review, taskName } = await readReview(store, campaign.id);
        waiting.push({ review, taskName });
      }
  return waiting;
}

function waitingLines(waiting: readonly Waiting[]): readonly string[] {
  if (waiting.length === 0) return ['nothing waits for a person'];
  return waiting.map(({ taskName, review: { campaignId, effect, evidence } }) => {
    const gain = effect === null ? '' : ` ${effect.mean >= 0 ? '+' : ''}${effect.mean.toFixed(3)}`;
    return `${campaignId}  ${terminalText(taskName, 40)}${gain}  ${terminalText(evidence.reason, 100)}`;
  });
}
