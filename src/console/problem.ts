import type { Context } from 'hono';
import { errorCodes, RatchetError, type ErrorCode } from '../domain/ratchet-error.ts';

/** Answers with problem details (RFC 9457), our stable `code`, and the field that is at fault where there is one. */
export function problem(
  context: Context,
  code: ErrorCode,
  detail: string,
  param: string | null = null,
): Response {
  const { status } = errorCodes[code];
  const body = { type: 'about:blank', title: titleOf(code), status, detail, code };
  return context.body(JSON.stringify(param === null ? body : { ...body, param }), status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  });
}

/** The problem of a failure; the text of an error that is not ours stays inside. */
export function problemOf(context: Context, error: unknown): Response {
  return error instanceof RatchetError
    ? problem(context, error.code, error.message, error.param)
    : problem(context, 'internal', 'an unexpected error');
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
