import { credentialHeaders } from '../../domain/credential.ts';
import type { UpstreamCredential } from '../../domain/upstream.ts';
import type { RelayRequest } from '../relay.ts';
import { hopByHopRequestHeaders, namedByConnection } from './hop-by-hop.ts';

/** Headers that say who the client is to an upstream. They mean nothing to another one, and are none of its business. */
const accountHeaders = ['cookie', 'openai-organization', 'openai-project'] as const;

/** How the headers of requests to one upstream are made; decided once for all of them. */
export interface HeaderRule {
  /** Names in lower case that are not passed on. */
  readonly dropped: ReadonlySet<string>;
  readonly credential: UpstreamCredential;
}

/** `isClients`: whether it is the upstream that clients mean, so that it may know all that they say of themselves. */
export function createHeaderRule(credential: UpstreamCredential, isClients: boolean): HeaderRule {
  const dropped = new Set(hopByHopRequestHeaders);
  if (credential.kind !== 'client') for (const name of credentialHeaders) dropped.add(name);
  if (!isClients) for (const name of accountHeaders) dropped.add(name);
  return { dropped, credential };
}

/**
 * The headers of a request for one upstream. The length of a body at hand follows from the body; that of one that
 * streams is what its sender said. `isPlain`: the response must not be compressed.
 */
export function headersFor(
  { headers, body, credentialHeader }: RelayRequest,
  { dropped, credential }: HeaderRule,
  isPlain: boolean,
): string[] {
  const isLengthKnown = body === null || body instanceof Uint8Array;
  const named = namedByConnection(headers);
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const key = name.toLowerCase();
    if (dropped.has(key) || named?.has(key) === true) continue;
    if (isLengthKnown && key === 'content-length') continue;
    if (isPlain && key === 'accept-encoding') continue;
    kept.push(name, headers[index + 1] ?? '');
  }
  if (isPlain) kept.push('accept-encoding', 'identity');
  if (credential.kind === 'key') {
    const place = credential.header ?? credentialHeader;
    kept.push(place, place === 'authorization' ? `Bearer ${credential.key}` : credential.key);
  }
  return kept;
}
