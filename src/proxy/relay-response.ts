import type { ServerResponse } from 'node:http';
import type { Relay, RelayFailure, RelayRequest, ServedBy } from '../upstream/relay.ts';
import { sendError, upstreamError } from './openai-error.ts';

/** Takes something out of a response while it passes. May hold bytes back until more have come. */
export interface ResponseFilter {
  /** What passes on of a piece, and of what was held back. */
  readonly push: (chunk: Uint8Array) => Uint8Array;
  /** What is still held back when the response has ended. */
  readonly end: () => Uint8Array;
}

/** Looks on while a response passes. */
export interface ResponseObserver {
  /** Headers to add to upstream's; an error of ours carries them too. */
  readonly addedHeaders: () => readonly string[];
  /** The filter that the body has to pass; `null`: it goes on byte for byte. */
  readonly onHead: (status: number, headers: readonly string[], served: ServedBy) => ResponseFilter | null;
  /** A piece as upstream sent it. */
  readonly onChunk: (chunk: Uint8Array) => void;
  /** Called once, when the last byte has been handed to the socket; `null`: upstream ended as it should. */
  readonly onOver: (failure: RelayFailure | null) => void;
}

const noBytes = new Uint8Array();

/** For requests of which nothing is recorded. */
export const noObserver: ResponseObserver = {
  addedHeaders: () => [],
  onHead: () => null,
  onChunk: () => {},
  onOver: () => {},
};

/**
 * Sends a request upstream and its response to the client, byte by byte as they come: a client that reads slowly slows
 * upstream down, one that goes away ends the request upstream. A failure before the first byte becomes an error in
 * OpenAI's shape, one after it ends the connection.
 */
export function relayResponse(
  relay: Relay,
  request: RelayRequest,
  outgoing: ServerResponse,
  observer: ResponseObserver,
): void {
  let isOver = false;
  let hasBody = false;
  let filter: ResponseFilter | null = null;
  const over = (failure: RelayFailure | null): void => {
    isOver = true;
    outgoing.off('close', onClose);
    observer.onOver(failure);
  };
  const onClose = (): void => {
    if (!isOver) cancel();
  };
  const cancel = relay.send(request, {
    onHead: (status, headers, served) => {
      filter = observer.onHead(status, headers, served);
      const kept = filter === null ? headers : withoutLength(headers);
      outgoing.writeHead(status, reasonOf(served), [...kept, ...observer.addedHeaders()]);
      // A head without a body behind it in the same packet is passed on by itself: the body may be long in coming.
      process.nextTick(() => {
        // Flushed by an empty write, since `flushHeaders` would spell bytes beyond ASCII as UTF-8.
        if (!isOver && !hasBody && !outgoing.destroyed) outgoing.write(noBytes);
      });
    },
    onData: (chunk, resume) => {
      hasBody = true;
      observer.onChunk(chunk);
      const passed = filter === null ? chunk : filter.push(chunk);
      // The client has just gone; the request upstream ends as soon as that is announced.
      if (outgoing.destroyed || outgoing.write(passed)) return true;
      outgoing.once('drain', resume);
      return false;
    },
    onEnd: (trailers) => {
      if (trailers.length > 0) outgoing.addTrailers(pairsOf(trailers));
      if (filter !== null) outgoing.write(filter.end());
      outgoing.end();
      over(null);
    },
    onError: (failure) => {
      if (failure.kind !== 'aborted') sendError(outgoing, upstreamError(failure), observer.addedHeaders());
      over(failure);
    },
  });
  if (outgoing.destroyed) onClose();
  else if (!isOver) outgoing.on('close', onClose);
}

/** Upstream's own words, unless they cannot stand in a status line. */
function reasonOf({ reason }: ServedBy): string | undefined {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(reason) ? reason : undefined;
}

/** What a filter lets pass has another length, that nobody knows yet. */
function withoutLength(flat: readonly string[]): readonly string[] {
  return flat.filter((_, index) => flat[index - (index % 2)]?.toLowerCase() !== 'content-length');
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, index) => [
    flat[2 * index] ?? '',
    flat[2 * index + 1] ?? '',
  ]);
}
