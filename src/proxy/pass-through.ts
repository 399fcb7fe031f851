import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Relay } from '../upstream/relay.ts';
import { hasBody, streamOf } from './read-body.ts';
import { noObserver, relayResponse } from './relay-response.ts';

/** A request on its way through, as it goes upstream. */
export interface PassThrough {
  /** Path and query below the base URL. */
  readonly path: string;
  /** Flat, without what is meant for Ratchet. */
  readonly headers: readonly string[];
  /** `undefined`: the client's own, unread. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Relays a request and its response unbuffered in both directions, and looks at neither. */
export function passThrough(
  relay: Relay,
  { path, headers, body }: PassThrough,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const sent = body ?? (hasBody(incoming) ? streamOf(incoming, []) : null);
  relayResponse(relay, { method: incoming.method ?? 'GET', path, headers, body: sent }, outgoing, noObserver);
}
