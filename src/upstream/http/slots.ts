import type { ConcurrencyConfig } from '../../domain/upstream.ts';

/** Somebody who needs a slot. Told at most one of the two, and nothing after it has left. */
export interface SlotTaker {
  /** It has a slot now, which it gives back by leaving. */
  readonly onSlot: () => void;
  readonly onNoSlot: () => void;
}

/** Bounds how many are at work at a time; others wait in the order in which they came. */
export interface Slots {
  /** Tells the taker at once where a slot is free, or where too many wait already. */
  readonly enter: (taker: SlotTaker) => void;
  /** Gives the slot back, or leaves the queue; without effect for others. */
  readonly leave: (taker: SlotTaker) => void;
}

/** Slots with a bounded queue, in which nobody waits longer than its timeout. */
export function createSlots({ max, queueMax, queueTimeoutMs }: ConcurrencyConfig): Slots {
  const working = new Set<SlotTaker>();
  // A map keeps the order of its entries, and lets go of one in the middle at no cost.
  const waiting = new Map<SlotTaker, NodeJS.Timeout>();

  const admitNext = (): void => {
    const [first] = waiting;
    if (first === undefined || working.size >= max) return;
    const [taker, timer] = first;
    clearTimeout(timer);
    waiting.delete(taker);
    working.add(taker);
    taker.onSlot();
  };
  const giveUp = (taker: SlotTaker): void => {
    waiting.delete(taker);
    taker.onNoSlot();
  };

  return {
    enter: (taker) => {
      if (working.size < max) {
        working.add(taker);
        taker.onSlot();
      } else if (waiting.size < queueMax)
        waiting.set(
          taker,
          setTimeout(() => giveUp(taker), queueTimeoutMs),
        );
      else taker.onNoSlot();
    },
    leave: (taker) => {
      if (working.delete(taker)) return admitNext();
      clearTimeout(waiting.get(taker));
      waiting.delete(taker);
    },
  };
}
