import type { RelayFailure } from '../relay.ts';

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** Failures of name resolution, connection and TLS: nothing was sent. */
const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EACCES',
  'EADDRNOTAVAIL',
]);

/** What went wrong, in the port's words. `isSent`: whether a connection had taken the request. */
export function relayFailureOf(error: unknown, isSent: boolean): RelayFailure {
  const code = codeOf(error);
  const message = code === '' ? 'upstream failed' : `upstream failed: ${code}`;
  return { kind: kindOf(code, isSent), message, isSent };
}

/** Whether nobody listened: nothing was sent, so that sending again is safe. */
export function isRefused(error: unknown): boolean {
  return codeOf(error) === 'ECONNREFUSED';
}

function kindOf(code: string, isSent: boolean): RelayFailure['kind'] {
  if (timeoutCodes.has(code)) return 'timeout';
  if (unreachableCodes.has(code) || !isSent) return 'unreachable';
  return 'broken';
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
