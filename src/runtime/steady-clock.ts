import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import { systemClock } from './system-clock.ts';

/** Pause between two looks at the wall clock, milliseconds. */
const lookMs = 1000;

/** A wall clock that is off by no more than this is followed, milliseconds: that is how clocks are corrected. */
const stepMsMax = 1000;

/** A wall clock that has jumped is believed once it has stayed so for this long, milliseconds. */
const trustMs = 300_000;

/** A clock for a whole process. */
export interface SteadyClock extends Clock {
  /** For `followClock` on another thread. */
  readonly offset: SharedArrayBuffer;
  readonly stop: () => void;
}

/** What a steady clock is made from. */
export interface SteadyClockSources {
  readonly wall: Clock;
  /** Milliseconds since some moment that is the same for all threads of the process; never runs back. */
  readonly monotonicMs: () => number;
  readonly logger: Logger;
}

/**
 * Wall time that does not jump: it advances with the monotonic clock and follows small corrections of the wall clock.
 * A jump is believed after five minutes, so that a clock that is set wrong and put right again expires no feedback and
 * deletes no records. Only then does time run back here, if it must.
 */
export function startSteadyClock({ wall, monotonicMs, logger }: SteadyClockSources): SteadyClock {
  const buffer = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const offset = new Float64Array(buffer);
  offset[0] = wall.now() - monotonicMs();
  const clock = followClock(buffer, monotonicMs);
  let jump: { readonly gapMs: number; readonly since: number } | undefined;

  const look = (): void => {
    const now = monotonicMs();
    const gapMs = wall.now() - now - (offset[0] ?? 0);
    if (Math.abs(gapMs) > stepMsMax) {
      if (jump === undefined || Math.abs(gapMs - jump.gapMs) > stepMsMax) {
        jump = { gapMs, since: now };
        logger.warn('clock-jumped', { byMs: Math.round(gapMs), believedAfterMs: trustMs });
      }
      if (now - jump.since < trustMs) return;
      logger.warn('clock-changed', { byMs: Math.round(gapMs) });
    }
    jump = undefined;
    offset[0] = (offset[0] ?? 0) + gapMs;
  };
  const looking = setInterval(look, lookMs);
  looking.unref();
  return { ...clock, offset: buffer, stop: () => clearInterval(looking) };
}

/** The time of a steady clock that runs on another thread of the process. */
export function followClock(buffer: SharedArrayBuffer, monotonicMs: () => number = processMs): Clock {
  const offset = new Float64Array(buffer);
  return { now: () => Math.floor(monotonicMs() + (offset[0] ?? 0)) };
}

/** The steady clock of this process; one for all of its threads. */
export function startProcessClock(logger: Logger): SteadyClock {
  return startSteadyClock({ wall: systemClock, monotonicMs: processMs, logger });
}

/** `performance.now` begins anew with each thread, so it is fastened to the clock that all threads share. */
const threadStartMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

function processMs(): number {
  return threadStartMs + performance.now();
}
