import { describe, expect, it } from 'vitest';
import type { Feedback } from '../../domain/feedback.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { sampleFeedback } from '../samples.case.ts';
import { mergeFeedback, type CountFeedback } from './merge-feedback.ts';

const about = (name: string): Feedback => sampleFeedback(name, { value: 1 });

/** Remembers what it was given at a time, and takes a while. */
function createCounter(fails: (batch: readonly Feedback[]) => unknown = () => undefined): {
  readonly count: CountFeedback;
  readonly pieces: number[];
} {
  const pieces: number[] = [];
  return {
    pieces,
    count: async (batch) => {
      pieces.push(batch.length);
      await new Promise((resolve) => setImmediate(resolve));
      const error = fails(batch);
      if (error !== undefined) throw error;
      return batch.map(({ key }) => ({ feedbackId: key, outcome: 'counted' }));
    },
  };
}

describe('feedback that comes at the same moment', () => {
  it('is counted together, and each caller gets the receipts of its own batch', async () => {
    const { count, pieces } = createCounter();
    const record = mergeFeedback(count);
    const batches = [['a'], ['b', 'c'], ['d'], ['e', 'f', 'g']].map((names) => names.map(about));
    const receipts = await Promise.all(batches.map(async (batch) => record(batch)));
    expect(receipts.map((own) => own.map(({ feedbackId }) => feedbackId))).toEqual(
      batches.map((batch) => batch.map(({ key }) => key)),
    );
    // The first began before the others came.
    expect(pieces).toEqual([1, 6]);
  });

  it('is refused alone where it is at fault', async () => {
    const invalid = new RatchetError('invalid_feedback', 'the key was used for something else');
    const { count } = createCounter((batch) =>
      batch.some(({ key }) => key.startsWith('x')) ? invalid : undefined,
    );
    const record = mergeFeedback(count);
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'x', 'c'].map(async (name) => record([about(name)])),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('is refused together, and asked for once, where the store is away', async () => {
    const gone = new RatchetError('store_unavailable', 'the database cannot be used', { isRetryable: true });
    const { count, pieces } = createCounter(() => gone);
    const record = mergeFeedback(count);
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(async (name) => record([about(name)])));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: gone });
    expect(pieces).toEqual([1, 2]);
  });
});
