/**
 * Every code an error of ours may carry, with the HTTP status and the OpenAI error type it maps to.
 * Codes are part of the public contract: add, never rename.
 */
export const errorCodes = {
  invalid_json: { status: 400, type: 'invalid_request_error' },
  invalid_request: { status: 400, type: 'invalid_request_error' },
  invalid_configuration: { status: 500, type: 'server_error' },
  invalid_world: { status: 400, type: 'invalid_request_error' },
  unauthorized: { status: 401, type: 'authentication_error' },
  forbidden: { status: 403, type: 'permission_error' },
  not_found: { status: 404, type: 'invalid_request_error' },
  unknown_decision: { status: 404, type: 'invalid_request_error' },
  unknown_variant: { status: 404, type: 'invalid_request_error' },
  conflict: { status: 409, type: 'invalid_request_error' },
  decision_expired: { status: 410, type: 'invalid_request_error' },
  precondition_failed: { status: 412, type: 'invalid_request_error' },
  payload_too_large: { status: 413, type: 'invalid_request_error' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  invalid_edit: { status: 422, type: 'invalid_request_error' },
  invalid_feedback: { status: 422, type: 'invalid_request_error' },
  budget_exhausted: { status: 429, type: 'rate_limit_error' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  internal: { status: 500, type: 'server_error' },
  store_damaged: { status: 500, type: 'server_error' },
  invalid_model_output: { status: 502, type: 'server_error' },
  upstream_unreachable: { status: 502, type: 'server_error' },
  upstream_overloaded: { status: 503, type: 'server_error' },
  upstream_timeout: { status: 504, type: 'server_error' },
  store_unavailable: { status: 503, type: 'server_error' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** What an error may say besides. */
export interface RatchetErrorDetails {
  readonly param?: string;
  readonly isRetryable?: boolean;
  /** Flat response headers that belong to it, such as `retry-after`. */
  readonly headers?: readonly string[];
  /** Milliseconds after which trying again may help. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The one error class: what failed (`code`), which field (`param`), whether trying again can help. */
export class RatchetError extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly isRetryable: boolean;
  readonly headers: readonly string[];
  /** `null`: nobody said. */
  readonly retryAfterMs: number | null;

  constructor(code: ErrorCode, message: string, details: RatchetErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RatchetError';
    this.code = code;
    this.param = details.param ?? null;
    this.isRetryable = details.isRetryable ?? false;
    this.headers = details.headers ?? [];
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}
