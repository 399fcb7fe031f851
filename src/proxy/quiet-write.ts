import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';

/** After a failure, milliseconds until the next attempt. */
const pauseMs = 1_000;

/** A write that has not ended after this time, milliseconds, is taken for lost. */
const lostAfterMs = 10_000;

/** A write that nobody waits for: one at a time, repeated until it succeeds, whenever there is occasion. */
export interface QuietWrite {
  /** Starts the write unless one is under way or has just failed. Never throws. */
  readonly attempt: (write: () => Promise<void>) => void;
}

/** `event` names the write in the log. */
export function createQuietWrite(
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  event: string,
): QuietWrite {
  let startedAtMs: number | null = null;
  let notBeforeMs = 0;
  let attempts = 0;
  return {
    attempt: (write) => {
      const nowMs = clock.now();
      if (nowMs < notBeforeMs) return;
      if (startedAtMs !== null && nowMs - startedAtMs < lostAfterMs) return;
      startedAtMs = nowMs;
      attempts += 1;
      const attempt = attempts;
      const end = (pause: number): void => {
        // A lost write that ends after all has been replaced by a newer one.
        if (attempt !== attempts) return;
        startedAtMs = null;
        notBeforeMs = clock.now() + pause;
      };
      // A write that throws at once counts as one that was rejected.
      void (async () => write())().then(
        () => end(0),
        (error: unknown) => {
          end(pauseMs);
          logger.warn(event, { error: error instanceof Error ? error.name : typeof error });
        },
      );
    },
  };
}
