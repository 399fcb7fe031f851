import type { Logger } from '../domain/logger.ts';
import { RatchetError } from '../domain/ratchet-error.ts';

/** A success this long after the last failure ends an outage, milliseconds: where a page is damaged they alternate. */
const calmMs = 1000;

/**
 * Says that the store fails and, once, that it works again. It is told how each call ended; errors that are the caller's
 * say nothing of the store.
 */
export function createOutageReporter(
  logger: Logger,
  stopwatch: () => number = () => performance.now(),
): (error: unknown) => void {
  let outage: { readonly since: number; last: number; failures: number } | undefined;
  return (error) => {
    const now = stopwatch();
    if (error instanceof RatchetError && error.code === 'store_unavailable') {
      outage ??= { since: now, last: now, failures: 0 };
      outage.last = now;
      outage.failures += 1;
      logger.warn('store-failing', {
        error: error.message,
        meaning: 'completions go on; feedback answers 503; decisions wait in memory',
      });
    } else if (error === undefined && outage !== undefined && now - outage.last >= calmMs) {
      const { failures, since, last } = outage;
      logger.info('store-recovered', { failures, failedForMs: Math.round(last - since) });
      outage = undefined;
    }
  };
}
