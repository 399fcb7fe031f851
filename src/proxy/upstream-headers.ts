import { isCredentialHeader } from '../domain/credential.ts';
import type { RelayRequest } from '../upstream/relay.ts';
import type { Caller } from './caller.ts';

/** Prefix of the headers that are meant for Ratchet. */
const ownPrefix = 'x-ratchet-';

/** The part of a request upstream that follows from the client's headers and from who it is. */
export function upstreamHeaders(
  rawHeaders: readonly string[],
  { isOwnKey, credentialHeader }: Pick<Caller, 'isOwnKey' | 'credentialHeader'>,
): Pick<RelayRequest, 'headers' | 'credentialHeader'> {
  const headers: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const key = name.toLowerCase();
    if (key.startsWith(ownPrefix) || (isOwnKey && isCredentialHeader(key))) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  return { headers, credentialHeader: credentialHeader ?? 'authorization' };
}

/** The same headers with the trace context of our own span, where there is one, in place of the client's. */
export function withTraceContext(
  headers: readonly string[],
  traceHeaders: readonly string[],
): readonly string[] {
  if (traceHeaders.length === 0) return headers;
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const key = headers[index]?.toLowerCase();
    if (key !== 'traceparent' && key !== 'tracestate')
      kept.push(headers[index] ?? '', headers[index + 1] ?? '');
  }
  return [...kept, ...traceHeaders];
}
