import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModelCall, Relay, RelayRequest } from '../upstream/relay.ts';
import { hasBody, streamOf } from './read-body.ts';
import { noObserver, relayResponse } from './relay-response.ts';

/** A request on its way through, as it goes upstream. */
export interface PassThrough extends Pick<RelayRequest, 'path' | 'headers' | 'credentialHeader'> {
  /** `undefined`: the client's own, unread. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Absent where the body has not been read. */
  readonly call?: ModelCall;
}

/** Relays a request and its response unbuffered in both directions, and looks at neither. */
export function passThrough(
  relay: Relay,
  { body, call, ...request }: PassThrough,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const sent = body ?? (hasBody(incoming) ? streamOf(incoming, []) : null);
  const method = incoming.method ?? 'GET';
  relayResponse(relay, { ...request, method, body: sent, call: call ?? null }, outgoing, noObserver);
}
