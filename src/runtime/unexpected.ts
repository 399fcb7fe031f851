import type { Logger } from '../domain/logger.ts';

/** The part of `process` that reports what nobody handled. */
export interface RejectionSource {
  readonly on: (event: 'unhandledRejection', handler: (reason: unknown) => void) => unknown;
}

/**
 * Logs a promise that nobody handled and lets the process live: one request's bug must not end everybody's streams. Only
 * the error's name and the place are told, since its message may quote what it was about.
 */
export function survivePromiseBugs(source: RejectionSource, logger: Logger): void {
  source.on('unhandledRejection', (reason) => {
    const isError = reason instanceof Error;
    logger.error('unhandled-rejection', {
      error: isError ? reason.name : typeof reason,
      at: isError ? placeOf(reason) : undefined,
    });
  });
}

/** The innermost line of the stack. */
function placeOf({ stack }: Error): string | undefined {
  return stack
    ?.split('\n')
    .find((line) => line.startsWith('    at '))
    ?.trim();
}
