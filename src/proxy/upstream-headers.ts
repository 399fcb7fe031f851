import { credentialHeaders, type Caller } from './caller.ts';

/** Prefix of the headers that are meant for Ratchet. */
const ownPrefix = 'x-ratchet-';

/**
 * Flat request headers for upstream: without ours, with the upstream key in place of the client's credential if there is
 * one. A key of Ratchet's own never leaves.
 */
export function upstreamHeaders(
  rawHeaders: readonly string[],
  caller: Caller,
  upstreamKey: string | null,
): string[] {
  const isReplaced = upstreamKey !== null || caller.isOwnKey;
  const headers: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const key = name.toLowerCase();
    if (key.startsWith(ownPrefix)) continue;
    if (isReplaced && credentialHeaders.some((header) => header === key)) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  if (upstreamKey !== null) headers.push(...credential(upstreamKey, caller));
  return headers;
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

/** The upstream key stands where the client's credential stood. */
function credential(upstreamKey: string, { credentialHeader }: Caller): readonly string[] {
  return credentialHeader === null || credentialHeader === 'authorization'
    ? ['authorization', `Bearer ${upstreamKey}`]
    : [credentialHeader, upstreamKey];
}
