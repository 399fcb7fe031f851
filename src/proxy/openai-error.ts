import type { ServerResponse } from 'node:http';
import { errorCodes, RatchetError } from '../domain/ratchet-error.ts';
import type { RelayFailure } from '../upstream/relay.ts';

/** An error as OpenAI's clients understand it. */
export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** An error of ours as it is sent. */
export interface ErrorResponse {
  readonly status: number;
  readonly body: OpenAiError;
  /** Flat, besides those of every response. */
  readonly headers: readonly string[];
}

/** The wire form of an error of ours; what is not ours says nothing of its inside. */
export function openAiError(error: unknown): ErrorResponse {
  const known =
    error instanceof RatchetError ? error : new RatchetError('internal', 'Ratchet failed on this request');
  const { message, param, code, headers } = known;
  const { status, type } = errorCodes[code];
  return { status, body: { error: { message, type, param, code } }, headers };
}

/** Answers with an error of ours, unless the response has begun: then the connection ends, as upstream's would have. */
export function sendError(response: ServerResponse, error: unknown, headers: readonly string[] = []): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, body, headers: own } = openAiError(error);
  sendJson(response, status, body, [...own, ...headers]);
}

/** Answers with JSON of ours. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: readonly string[] = [],
): void {
  const json = JSON.stringify(body);
  response.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(json)),
    ...headers,
  ]);
  response.end(json);
}

/** What a client is told when upstream failed before its first byte. */
export function upstreamError({ kind, message, retryAfterMs = 1_000 }: RelayFailure): RatchetError {
  switch (kind) {
    case 'timeout':
      return new RatchetError('upstream_timeout', `The upstream did not answer in time (${message})`, {
        isRetryable: true,
      });
    case 'overloaded':
      return new RatchetError('upstream_overloaded', `The request was not sent upstream: ${message}`, {
        isRetryable: true,
        headers: ['retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000)))],
      });
    case 'unreachable':
    case 'broken':
    case 'aborted':
      return new RatchetError('upstream_unreachable', `The upstream could not be reached (${message})`, {
        isRetryable: true,
      });
  }
}
