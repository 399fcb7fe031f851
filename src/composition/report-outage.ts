import type { Logger } from '../domain/logger.ts';
import { RatchetError } from '../domain/ratchet-error.ts';

/** A success this long after the last failure ends an outage, milliseconds: where a page is damaged they alternate. */
const calmMs = 1000;

/** Whether writing works. */
export interface OutageReporter {
  /** Is told how each writing ended: with which error, `undefined` for none. */
  readonly tell: (error: unknown) => void;
  /** What the newest failure of an outage that has not ended said; `undefined` while writing works. */
  readonly failure: () => string | undefined;
}

/**
 * Says that the store fails and, once, that it works again. Errors that are the caller's say nothing of the store.
 */
export function createOutageReporter(
  logger: Logger,
  stopwatch: () => number = () => performance.now(),
): OutageReporter {
  let outage: { readonly since: number; last: number; failures: number; failure: string } | undefined;
  const tell = (error: unknown): void => {
    const now = stopwatch();
    if (error instanceof RatchetError && error.code === 'store_unavailable') {
      const { since, failures } = outage ?? { since: now, failures: 0 };
      outage = { since, last: now, failures: failures + 1, failure: error.message };
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
  return { tell, failure: () => outage?.failure };
}
