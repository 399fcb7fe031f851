import type { Platform } from './platform.ts';

/** Time that passes when it is told to. */
export interface ManualPlatform extends Platform {
  /** Lets so many milliseconds pass; every timer that is due is called, and what it sets off runs, in order of time. */
  readonly pass: (durationMs: number) => Promise<void>;
  /** Timers that are set. */
  readonly timers: () => number;
}

/** A platform at the time 0 whose chance is a fixed sequence. */
export function createManualPlatform(startMs = 0): ManualPlatform {
  let nowMs = startMs;
  let draws = 0;
  const timers = new Set<{ readonly atMs: number; readonly action: () => void }>();
  return {
    now: () => nowMs,
    random: () => {
      draws += 1;
      return (draws * 0.618_033_988_749_895) % 1;
    },
    schedule: (action, delayMs) => {
      const timer = { atMs: nowMs + delayMs, action };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass: async (durationMs) => {
      const endMs = nowMs + durationMs;
      await settle();
      for (;;) {
        const [next] = [...timers].filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        timers.delete(next);
        nowMs = next.atMs;
        next.action();
        await settle();
      }
      nowMs = endMs;
    },
    timers: () => timers.size,
  };
}

/** Everything that needs no time has happened. */
async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
