/**
 * What went wrong with a feedback. The first line is found out here, the rest is what Ratchet answered; a later Ratchet may
 * have further codes.
 */
export type RatchetClientErrorCode =
  | ('queue_full' | 'closed' | 'not_json' | 'connection_failed' | 'timed_out' | 'unexpected_answer')
  | ('invalid_feedback' | 'unknown_decision' | 'decision_expired' | 'payload_too_large')
  | ('unauthorized' | 'forbidden' | 'store_unavailable')
  | (string & Record<never, never>);

/** What is known of a failure besides its code and message. */
interface ErrorDetails {
  readonly status?: number;
  readonly param?: string | null;
  readonly isRetryable?: boolean;
  readonly cause?: unknown;
}

/** Why a feedback was not taken. */
export class RatchetClientError extends Error {
  readonly code: RatchetClientErrorCode;
  /** HTTP status; `null`: there was no answer. */
  readonly status: number | null;
  /** The member of the feedback that is wrong, such as `value`; `null`: none in particular. */
  readonly param: string | null;
  /** Whether the same feedback may be taken later. */
  readonly isRetryable: boolean;

  constructor(code: RatchetClientErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RatchetClientError';
    this.code = code;
    this.status = details.status ?? null;
    this.param = details.param ?? null;
    this.isRetryable = details.isRetryable ?? false;
  }
}
