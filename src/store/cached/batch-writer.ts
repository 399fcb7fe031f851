import type { Decision } from '../../domain/decision.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { DecisionStore } from '../decision-store.ts';
import type { Ring, RingLimit } from './ring.ts';

/** Moves decisions from a ring to the store. */
export interface BatchWriter {
  /** Writes what waits in the ring at this moment, and full batches as long as there are any. */
  readonly write: () => Promise<void>;
  /** Attempts in a row that failed for now; what they were to write is kept. */
  readonly failures: () => number;
  /** Decisions taken from the ring that are not stored yet. */
  readonly held: () => number;
}

/**
 * Makes a writer of batches of at most `batchMax`, in number and bytes. A batch that the store refuses for good is written one by one, and
 * `onRefused` is told of each decision that is at fault.
 */
export function createBatchWriter(
  store: Pick<DecisionStore, 'recordDecisions'>,
  ring: Ring<Decision>,
  batchMax: RingLimit,
  onRefused: () => void,
): BatchWriter {
  let batch: readonly Decision[] = [];
  let failures = 0;

  const attempt = async (decisions: readonly Decision[]): Promise<'stored' | 'later' | 'refused'> => {
    try {
      await store.recordDecisions(decisions);
      failures = 0;
      return 'stored';
    } catch (error) {
      const isForNow = error instanceof RatchetError && error.isRetryable;
      failures = isForNow ? failures + 1 : 0;
      return isForNow ? 'later' : 'refused';
    }
  };
  const writeSingly = async (): Promise<'done' | 'later'> => {
    while (batch.length > 0) {
      const outcome = await attempt(batch.slice(0, 1));
      if (outcome === 'later') return 'later';
      if (outcome === 'refused') onRefused();
      batch = batch.slice(1);
    }
    return 'done';
  };
  const writeBatch = async (): Promise<'done' | 'later'> => {
    const outcome = await attempt(batch);
    if (outcome === 'refused') return writeSingly();
    if (outcome === 'stored') batch = [];
    return outcome === 'stored' ? 'done' : 'later';
  };

  return {
    write: async () => {
      let due = ring.size();
      while (batch.length > 0 || due > 0 || ring.size() >= batchMax.count) {
        if (batch.length === 0) {
          batch = ring.take(batchMax);
          due -= batch.length;
        }
        if ((await writeBatch()) === 'later') return;
      }
    },
    failures: () => failures,
    held: () => batch.length,
  };
}
