import { Readable } from 'node:stream';

/** A body that comes piece by piece: it can be sent once more as long as nothing of it has been read. */
export interface UnreadBody {
  readonly isUnread: () => boolean;
  /** For one sending. Ending it early ends the body only when it has been read from. */
  readonly open: () => Readable;
}

/** Takes over a body that streams. */
export function createUnreadBody(body: AsyncIterable<Uint8Array>): UnreadBody {
  const pieces = body[Symbol.asyncIterator]();
  let isUnread = true;
  async function* read(): AsyncGenerator<Uint8Array> {
    isUnread = false;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return { isUnread: () => isUnread, open: () => Readable.from(read(), { objectMode: false }) };
}
