import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { readRetryHint } from '../http/retry-hint.ts';

/** Statuses that say that the model took too long, rather than that it could not answer. */
const timeoutStatuses: ReadonlySet<number> = new Set([408, 504]);

/** Statuses after which the same request may well succeed. Everything from 500 on is another. */
const retryableStatuses: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/**
 * What went wrong with a call, in our own words. Neither the message nor the cause holds anything that the server or
 * the client wrote: servers quote prompts and parts of keys in their errors. `nowMs` is what a `retry-after` that names a
 * moment is reckoned from.
 */
export function toRatchetError(error: unknown, isDeadlineOver: boolean, nowMs = 0): RatchetError {
  if (isDeadlineOver || error instanceof APIConnectionTimeoutError)
    return new RatchetError('upstream_timeout', 'The learning upstream did not answer in time.', {
      isRetryable: true,
    });
  if (error instanceof APIUserAbortError || isAbort(error))
    return new RatchetError('upstream_unreachable', 'The call to the learning upstream was cancelled.', {
      isRetryable: true,
    });
  if (error instanceof APIConnectionError)
    return new RatchetError(
      'upstream_unreachable',
      `The learning upstream cannot be reached${reasonOf(error)}.`,
      { isRetryable: true },
    );
  if (error instanceof APIError && error.status === 429) return overloaded(error.headers, nowMs);
  if (error instanceof APIError && typeof error.status === 'number') return refused(error.status);
  if (error instanceof SyntaxError)
    return new RatchetError('invalid_model_output', 'The learning upstream answered with malformed JSON.');
  return new RatchetError('upstream_unreachable', 'The connection to the learning upstream broke.', {
    isRetryable: true,
  });
}

/** Too many requests, with when to come again, where upstream says so. */
function overloaded(headers: Headers | undefined, nowMs: number): RatchetError {
  const { afterMs } = readRetryHint([...(headers ?? [])].flat(), nowMs);
  return new RatchetError(
    'upstream_overloaded',
    'The learning upstream has no room for the call: status 429.',
    {
      isRetryable: true,
      ...(afterMs === null ? {} : { retryAfterMs: afterMs }),
    },
  );
}

function refused(status: number): RatchetError {
  return timeoutStatuses.has(status)
    ? new RatchetError('upstream_timeout', `The learning upstream timed out with status ${status}.`, {
        isRetryable: true,
      })
    : new RatchetError(
        'upstream_unreachable',
        `The learning upstream refused the call with status ${status}.`,
        {
          isRetryable: status >= 500 || retryableStatuses.has(status),
        },
      );
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The system's name of a connection failure, such as ECONNREFUSED, from however deep it lies. */
function reasonOf(error: Error): string {
  let cause: unknown = error.cause;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z_]+$/.test(cause.code))
      return ` (${cause.code})`;
    cause = cause.cause;
  }
  return '';
}
