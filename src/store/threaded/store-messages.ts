import { RatchetError, type ErrorCode } from '../../domain/ratchet-error.ts';
import type { Store } from '../store.ts';

/** One call of a store's method, sent to the thread that has the store. */
export interface StoreRequest {
  /** Grows by one with each call of a connection. */
  readonly id: number;
  readonly method: keyof Store;
  readonly parameters: readonly unknown[];
}

export type StoreReply =
  | { readonly id: number; readonly kind: 'value'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly error: SentError };

/** An error as it crosses threads. Causes stay behind: they may hold what cannot be cloned. */
export type SentError =
  | {
      readonly kind: 'ratchet';
      readonly code: ErrorCode;
      readonly message: string;
      readonly param: string | null;
      readonly isRetryable: boolean;
    }
  /** A caller's mistake: a value against its invariants. */
  | { readonly kind: 'range'; readonly message: string }
  | { readonly kind: 'other'; readonly message: string };

/** What of an error the other thread is told. */
export function sendError(error: unknown): SentError {
  if (error instanceof RatchetError) {
    const { code, message, param, isRetryable } = error;
    return { kind: 'ratchet', code, message, param, isRetryable };
  }
  if (!(error instanceof Error)) return { kind: 'other', message: String(error) };
  // What JSON cannot be read is quoted in the message, and may be a prompt.
  const message = error instanceof SyntaxError ? error.name : error.message;
  return { kind: error instanceof RangeError ? 'range' : 'other', message };
}

/** The error again; anything unforeseen is `internal`, which no retry can help. */
export function receiveError(sent: SentError): Error {
  switch (sent.kind) {
    case 'ratchet': {
      const { code, message, param, isRetryable } = sent;
      return new RatchetError(code, message, { isRetryable, ...(param === null ? {} : { param }) });
    }
    case 'range':
      return new RangeError(sent.message);
    case 'other':
      return new RatchetError('internal', sent.message);
  }
}
