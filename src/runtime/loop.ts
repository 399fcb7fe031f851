import type { Logger } from '../domain/logger.ts';

/** Work that repeats until it is stopped. */
export interface Loop {
  /** Ends the wait under way, so that the next step starts now. */
  readonly wake: () => void;
  /** Aborts the signal of the step under way, waits for it to return, and starts no other. */
  readonly stop: () => Promise<void>;
}

export interface LoopSettings {
  /** Names the loop in the log. */
  readonly name: string;
  /** Pause between two steps, milliseconds. */
  readonly intervalMs: number;
  /** Longest pause after failures, milliseconds: the pause doubles with each failure in a row up to this. */
  readonly backoffMsMax: number;
  readonly logger: Logger;
}

/**
 * Runs a step at once and then again and again, a pause apart. Steps never overlap. A step that rejects is logged and
 * tried again after a longer pause; the first that succeeds after that is logged too.
 */
export function startLoop(step: (signal: AbortSignal) => Promise<unknown>, settings: LoopSettings): Loop {
  const abort = new AbortController();
  let endPause = nothing;
  let failures = 0;

  const pause = async (durationMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, durationMs);
    endPause = resolve;
    await promise;
    clearTimeout(timer);
  };

  const attempt = async (): Promise<void> => {
    try {
      await step(abort.signal);
      if (failures > 0) settings.logger.info(`${settings.name}-recovered`, { failures });
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!abort.signal.aborted)
        settings.logger.warn(`${settings.name}-failed`, { failures, error: messageOf(error) });
    }
  };

  const run = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      await attempt();
      if (abort.signal.aborted) return;
      await pause(pauseMs(settings, failures));
    }
  };

  const ended = run();
  return {
    wake: () => endPause(),
    stop: () => {
      abort.abort();
      endPause();
      return ended;
    },
  };
}

/** interval · 2^failures, at most `backoffMsMax`, and never less than the interval. */
export function pauseMs(
  { intervalMs, backoffMsMax }: Pick<LoopSettings, 'intervalMs' | 'backoffMsMax'>,
  failures: number,
): number {
  return Math.max(intervalMs, Math.min(backoffMsMax, intervalMs * 2 ** failures));
}

/** What JSON cannot be read is quoted in the message, and may be a prompt. */
function messageOf(error: unknown): string {
  if (error instanceof SyntaxError) return error.name;
  return error instanceof Error ? error.message : String(error);
}

function nothing(): void {}
