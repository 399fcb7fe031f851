import type { Context } from 'hono';
import { errorCodes, RatchetError, type ErrorCode } from '../domain/ratchet-error.ts';

/** Answers with problem details (RFC 9457) and our stable `code`. */
export function problem(context: Context, code: ErrorCode, detail: string): Response {
  const { status } = errorCodes[code];
  return context.body(
    JSON.stringify({ type: 'about:blank', title: titleOf(code), status, detail, code }),
    status,
    { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  );
}

/** The problem of a failure; the text of an error that is not ours stays inside. */
export function problemOf(context: Context, error: unknown): Response {
  return error instanceof RatchetError
    ? problem(context, error.code, error.message)
    : problem(context, 'internal', 'an unexpected error');
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
