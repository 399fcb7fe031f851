import type { RelayFailure } from '../relay.ts';
import type { Trouble } from './next-step.ts';

/** An attempt that failed: what that means for trying again, and what the client is told. */
export interface AttemptFailure {
  readonly trouble: Trouble;
  readonly failure: RelayFailure;
}

/** What is known of an attempt when it fails. */
export interface AttemptState {
  /** Whether a connection had taken the request. */
  readonly isSent: boolean;
  /** Whether a kept connection ended, before the request could reach upstream. */
  readonly isStale: boolean;
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** A request that the HTTP library refuses to write, such as one with a header that no header may be. */
const unsendableCodes: ReadonlySet<string> = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);

/** What went wrong, in the port's words; only codes are told, since messages may quote what was sent. */
export function attemptFailureOf(error: unknown, { isSent, isStale }: AttemptState): AttemptFailure {
  const code = codeOf(error);
  const isTimeout = timeoutCodes.has(code);
  return {
    trouble: troubleOf(code, { isSent, isStale }),
    failure: {
      kind: isTimeout ? 'timeout' : isSent ? 'broken' : 'unreachable',
      message: code === '' ? 'upstream failed' : `upstream failed: ${code}`,
      isSent,
    },
  };
}

function troubleOf(code: string, { isSent, isStale }: AttemptState): Trouble {
  if (unsendableCodes.has(code)) return 'unsendable';
  if (code === 'ECONNREFUSED' && !isSent) return 'refused';
  if (timeoutCodes.has(code)) return isSent ? 'timeout' : 'unreachable';
  if (isStale) return 'stale';
  return isSent ? 'reset' : 'unreachable';
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
