import type { ServerResponse } from 'node:http';
import type { Relay, RelayRequest } from '../upstream/relay.ts';
import { openAiError, upstreamError } from './openai-error.ts';

/** A `HEAD` request for upstream. */
export type HeadRequest = Pick<RelayRequest, 'path' | 'headers' | 'credentialHeader'>;

/**
 * Relays a `HEAD` request. Hono makes a response of its own for these, so unlike all others it is given one: upstream's
 * status and headers. Rejects for nothing; a failure is a response too. A client that goes away, as `outgoing` tells,
 * ends the request upstream.
 */
export function relayHead(relay: Relay, request: HeadRequest, outgoing: ServerResponse): Promise<Response> {
  return new Promise((resolve) => {
    let head: { readonly status: number; readonly headers: Headers } | undefined;
    const cancel = relay.send(
      { ...request, method: 'HEAD', body: null, call: null },
      {
        onHead: (status, raw) => {
          head = { status, headers: headersOf(raw) };
        },
        onData: () => true,
        onEnd: () => resolve(new Response(null, head)),
        onError: (failure) => resolve(headError(upstreamError(failure))),
      },
    );
    outgoing.once('close', cancel);
  });
}

/** What a `HEAD` is told in place of an error: its status and headers. */
export function headError(error: unknown): Response {
  const { status, headers } = openAiError(error);
  return new Response(null, { status, headers: headersOf(headers) });
}

function headersOf(flat: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < flat.length; index += 2)
    headers.append(flat[index] ?? '', flat[index + 1] ?? '');
  return headers;
}
