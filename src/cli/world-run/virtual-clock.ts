import type { Clock } from '../../domain/clock.ts';

/** A clock that stands still until it is set; never backwards. */
export interface VirtualClock extends Clock {
  readonly set: (atMs: number) => void;
}

/** Starts at `startMs`, milliseconds since the epoch. */
export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    set: (atMs) => {
      if (atMs < nowMs) throw new RangeError(`a clock does not run from ${nowMs} back to ${atMs}`);
      nowMs = atMs;
    },
  };
}
