import { RatchetClientError } from './client-error.ts';
import type { FeedbackReceipt } from './feedback.ts';
import type { Platform } from './platform.ts';
import type { PostOutcome } from './post-feedback.ts';
import { retryDelayMs } from './retry-delay.ts';

/** One feedback that waits for its receipt. */
export interface WaitingFeedback {
  readonly json: string;
  readonly settle: (result: FeedbackReceipt | RatchetClientError) => void;
}

/** What delivering needs. */
export interface Delivery {
  readonly post: (body: string) => Promise<PostOutcome>;
  readonly platform: Platform;
  /** How often a batch is sent before it is given up. */
  readonly attemptsMax: number;
}

const tooLargeStatus = 413;

/**
 * Sends a batch until every feedback in it is settled. The server takes all of a batch or nothing, so one that it refuses
 * for a feedback goes again without that one; one that is too large goes in halves; one that fails goes again, as it is
 * and with the same keys, after a wait.
 */
export async function deliverBatch(batch: readonly WaitingFeedback[], delivery: Delivery): Promise<void> {
  let rest = batch;
  let failures = 0;
  while (rest.length > 0) {
    const outcome = await delivery.post(`[${rest.map(({ json }) => json).join(',')}]`);
    if (outcome.kind === 'taken') {
      settleTaken(rest, outcome.receipts);
      return;
    }
    const { error } = outcome;
    if (outcome.kind === 'failed') {
      failures += 1;
      if (failures >= delivery.attemptsMax) {
        for (const { settle } of rest) settle(error);
        return;
      }
      await pause(delivery.platform, retryDelayMs(failures, outcome.hintMs, delivery.platform.random()));
      continue;
    }
    const { index } = outcome;
    if (error.status === tooLargeStatus && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      await deliverBatch(rest.slice(0, middle), delivery);
      rest = rest.slice(middle);
      continue;
    }
    const isAtFault = (at: number): boolean => index === null || index >= rest.length || at === index;
    for (const [at, { settle }] of rest.entries()) if (isAtFault(at)) settle(error);
    rest = rest.filter((_, at) => !isAtFault(at));
  }
}

function settleTaken(batch: readonly WaitingFeedback[], receipts: readonly FeedbackReceipt[]): void {
  for (const [at, { settle }] of batch.entries())
    settle(
      receipts[at] ??
        new RatchetClientError('unexpected_answer', 'the server did not say what became of this feedback'),
    );
}

async function pause(platform: Platform, delayMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    platform.schedule(resolve, delayMs);
  });
}
