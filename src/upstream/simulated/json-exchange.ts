import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCodes, RatchetError } from '../../domain/ratchet-error.ts';

const bodyBytesMax = 20_000_000;

/** The body of a request as text. Throws `payload_too_large` beyond 20 MB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const buffer = Buffer.from(part);
    bytes += buffer.length;
    if (bytes > bodyBytesMax)
      throw new RatchetError('payload_too_large', `The body has more than ${bodyBytesMax} bytes`);
    parts.push(buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Answers with one JSON value. */
export function sendJson(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Answers in OpenAI's error shape; a response that has begun is cut off instead. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof RatchetError ? error : new RatchetError('internal', 'The world failed');
  const { status, type } = errorCodes[known.code];
  const { message, param, code } = known;
  sendJson(response, status, { error: { message, type, param, code } });
}
