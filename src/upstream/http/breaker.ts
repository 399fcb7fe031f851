import { CircuitState, CountBreaker } from 'cockatiel';
import type { BreakerConfig } from '../../domain/upstream.ts';

/**
 * Remembers whether an upstream is down. Closed until too many of the last calls failed; then open for a pause, after
 * which one call tries whether it works again.
 *
 * The library counts; the rest is here, since its policy wraps calls in promises, holds others back while one tries, and
 * reads the clock itself.
 */
export interface Breaker {
  /** Whether the upstream may be asked in its turn: it is not known to be down, or it is time for a trial. */
  readonly isAvailable: () => boolean;
  /** Milliseconds until the next trial; 0 where it is available. */
  readonly pauseLeftMs: () => number;
  /** A call is about to be made. */
  readonly begin: () => void;
  readonly succeed: () => void;
  readonly fail: () => void;
  /** A call ended that says nothing of the upstream, since the client went away. */
  readonly abandon: () => void;
}

/** `stopwatch` gives milliseconds; `onChange` is told whenever it opens or closes. */
export function createBreaker(
  { share, calls, pauseMs }: BreakerConfig,
  stopwatch: () => number,
  onChange: (isOpen: boolean) => void,
): Breaker {
  const count = new CountBreaker({
    threshold: share,
    size: calls,
    minimumNumberOfCalls: Math.max(1, Math.ceil(calls / 2)),
  });
  /** When the pause is over; `null`: it is closed. */
  let openUntilMs: number | null = null;
  let isOnTrial = false;

  return {
    isAvailable: () => openUntilMs === null || (!isOnTrial && stopwatch() >= openUntilMs),
    pauseLeftMs: () => (openUntilMs === null ? 0 : Math.max(0, openUntilMs - stopwatch())),
    begin: () => {
      if (openUntilMs !== null && stopwatch() >= openUntilMs) isOnTrial = true;
    },
    succeed: () => {
      if (openUntilMs === null) return count.success(CircuitState.Closed);
      openUntilMs = null;
      isOnTrial = false;
      count.success(CircuitState.HalfOpen);
      return onChange(false);
    },
    fail: () => {
      if (openUntilMs !== null) {
        // What failed besides the trial began before the pause, or was the last resort.
        if (isOnTrial) openUntilMs = stopwatch() + pauseMs;
        isOnTrial = false;
        return;
      }
      if (!count.failure(CircuitState.Closed)) return;
      openUntilMs = stopwatch() + pauseMs;
      onChange(true);
    },
    abandon: () => {
      isOnTrial = false;
    },
  };
}
