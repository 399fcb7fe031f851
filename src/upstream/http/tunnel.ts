import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { TunnelAnswer, TunnelRequest } from '../relay.ts';
import { forwardedResponseHeaders, headerValue } from './hop-by-hop.ts';
import { attemptFailureOf } from './relay-failure.ts';
import { headersFor } from './request-headers.ts';
import type { Upstream } from './upstream.ts';

/**
 * Asks one upstream to go on in another protocol (RFC 9110, section 7.8), on a connection of its own: what follows is no
 * HTTP, so the pool has no use for it. Never rejects.
 */
export function openTunnel(
  { config, basePath, headerRule }: Upstream,
  { path, headers, credentialHeader, signal }: TunnelRequest,
): Promise<TunnelAnswer> {
  const url = new URL(config.url);
  const sent = headersFor(
    { method: 'GET', path, headers, credentialHeader, body: null, call: null },
    headerRule,
    false,
  );
  const protocol = headerValue(headers, 'upgrade') ?? '';
  const { promise, resolve } = Promise.withResolvers<TunnelAnswer>();
  const send = url.protocol === 'https:' ? secureRequest : plainRequest;
  const request = send(url.origin, {
    path: `${basePath}${path}`,
    headers: ['Host', url.host, 'Connection', 'Upgrade', 'Upgrade', protocol, ...sent],
    maxHeaderSize: 1024 * 1024,
    signal,
  });
  request.setTimeout(config.firstByteTimeoutMs, () => request.destroy(new TimeoutError()));
  request.once('upgrade', (response, stream, head) => {
    stream.setTimeout(0);
    if (head.length > 0) stream.unshift(head);
    resolve({ kind: 'switched', ...headOf(response), headers: response.rawHeaders, stream });
  });
  request.once('response', (response) => {
    resolve({
      kind: 'answered',
      ...headOf(response),
      headers: forwardedResponseHeaders(response.rawHeaders),
      body: response,
    });
  });
  request.on('error', (error) => {
    const { failure } = attemptFailureOf(error, {
      isSent: request.socket?.connecting === false,
      isStale: false,
    });
    resolve({ kind: 'failed', failure });
  });
  request.end();
  return promise;
}

class TimeoutError extends Error {
  readonly code = 'ETIMEDOUT';
}

function headOf({ statusCode, statusMessage }: IncomingMessage): {
  readonly status: number;
  readonly reason: string;
} {
  return { status: statusCode ?? 0, reason: statusMessage ?? '' };
}
