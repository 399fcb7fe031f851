import type { FeedbackStore, RewardEvent } from '../feedback-store.ts';
import { countFeedback } from '../ledger/count-feedback.ts';
import { openLedger } from '../ledger/ledger.ts';
import { applyLedger, ledgerSource } from './ledger-source.ts';
import type { MemoryContext } from './context.ts';

/** Feedback in memory. */
export function memoryFeedback({ tables, rules }: MemoryContext): FeedbackStore {
  return {
    recordFeedback: async (batch) => {
      const ledger = openLedger(ledgerSource(tables));
      const receipts = countFeedback(ledger, batch, rules());
      applyLedger(tables, ledger.changes());
      return receipts;
    },
    readRewards: async (taskId, after, limit) => {
      const events = tables.perTask.get(taskId)?.rewardEvents ?? [];
      const from = firstAfter(events, after);
      return events.slice(from, from + limit);
    },
  };
}

function firstAfter(events: readonly RewardEvent[], sequence: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.sequence ?? Infinity) > sequence) high = middle;
    else low = middle + 1;
  }
  return low;
}
