import type { IncomingMessage } from 'node:http';

/**
 * A request body as far as it was read.
 * - `whole`: all of it.
 * - `large`: more than the bound; what was read, then what still comes. Read once.
 * - `gone`: the client went away before it ended.
 */
export type ReadBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'large'; readonly stream: AsyncIterable<Uint8Array> }
  | { readonly kind: 'gone' };

/** Reads a body of at most `bytesMax` bytes; one that declares more is not read at all. Never rejects. */
export function readBody(incoming: IncomingMessage, bytesMax: number): Promise<ReadBody> {
  if (Number(incoming.headers['content-length'] ?? 0) > bytesMax)
    return Promise.resolve({ kind: 'large', stream: streamOf(incoming, []) });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (body: ReadBody): void => {
      incoming.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= bytesMax) return;
      incoming.pause();
      settle({ kind: 'large', stream: streamOf(incoming, chunks) });
    };
    const onEnd = (): void => {
      const [only] = chunks;
      settle({
        kind: 'whole',
        bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks),
      });
    };
    const onGone = (): void => settle({ kind: 'gone' });
    incoming.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}

/** Whether a request has a body at all. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * A body as a stream that leaves the connection open when its reader stops early, so that the client can still be
 * answered.
 */
export async function* streamOf(
  incoming: IncomingMessage,
  head: readonly Uint8Array[],
): AsyncGenerator<Uint8Array> {
  yield* head;
  yield* incoming.iterator({ destroyOnReturn: false });
}
