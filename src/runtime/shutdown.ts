import { constants } from 'node:os';
import type { Logger } from '../domain/logger.ts';

/** The part of `process` that stopping needs. */
export interface SignalSource {
  readonly on: (signal: ShutdownSignal, handler: () => void) => unknown;
  readonly exit: (code: number) => void;
}

type ShutdownSignal = 'SIGTERM' | 'SIGINT';

/**
 * On SIGTERM or SIGINT runs `close` and exits: 0 when it finished within the deadline, 1 when it failed or did not.
 * A second signal exits at once with 128 + the signal's number, as a shell would report it.
 */
export function exitOnSignals(
  source: SignalSource,
  close: () => Promise<void>,
  { deadlineMs, logger }: { readonly deadlineMs: number; readonly logger: Logger },
): void {
  let isStopping = false;
  const stop = async (signal: ShutdownSignal): Promise<void> => {
    if (isStopping) return source.exit(128 + constants.signals[signal]);
    isStopping = true;
    logger.info('stopping', { signal, deadlineMs });
    const timer = setTimeout(() => {
      logger.error('stop-deadline-passed', { deadlineMs });
      source.exit(1);
    }, deadlineMs);
    try {
      await close();
      logger.info('stopped');
      source.exit(0);
    } catch (error) {
      logger.error('stop-failed', { error: error instanceof Error ? error.message : String(error) });
      source.exit(1);
    } finally {
      clearTimeout(timer);
    }
  };
  source.on('SIGTERM', () => void stop('SIGTERM'));
  source.on('SIGINT', () => void stop('SIGINT'));
}
