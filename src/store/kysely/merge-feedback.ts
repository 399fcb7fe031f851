import type { Feedback, FeedbackReceipt } from '../../domain/feedback.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';

type Receipts = readonly FeedbackReceipt[];

/** Counts feedback in one piece of writing: all of it, or, where it throws, nothing. */
export type CountFeedback = (batch: readonly Feedback[]) => Promise<Receipts>;

/** Batches that are counted together at most, so that none waits long for others. */
const batchesMax = 64;

interface Job {
  readonly batch: readonly Feedback[];
  readonly resolve: (receipts: Receipts) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counts batches that wait at the same moment as one, in the order in which they came: what is read and written for one
 * costs hardly less than for many, and the one lock that they need is held once. Each caller has its own receipts. A
 * batch that is at fault counts nothing and rejects alone: where the whole fails, each is counted by itself.
 */
export function mergeFeedback(count: CountFeedback): CountFeedback {
  const waiting: Job[] = [];
  let isWorking = false;
  const work = async (): Promise<void> => {
    isWorking = true;
    while (waiting.length > 0) await countTogether(count, waiting.splice(0, batchesMax));
    isWorking = false;
  };
  return async (batch) =>
    await new Promise((resolve, reject) => {
      waiting.push({ batch, resolve, reject });
      if (!isWorking) void work();
    });
}

/** Never rejects. */
async function countTogether(count: CountFeedback, jobs: readonly Job[]): Promise<void> {
  try {
    const receipts = await count(jobs.flatMap(({ batch }) => batch));
    let first = 0;
    for (const { batch, resolve } of jobs) resolve(receipts.slice(first, (first += batch.length)));
  } catch (error) {
    // A store that is away is away for all of them; a damaged page or a wrong key is the fault of one.
    const isForAll = error instanceof RatchetError && error.isRetryable;
    if (isForAll || jobs.length === 1) for (const { reject } of jobs) reject(error);
    else for (const job of jobs) await countTogether(count, [job]);
  }
}
