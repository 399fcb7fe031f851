/** Headers that concern one connection only, and what each side of a relay sets for itself (RFC 9110, section 7.6.1). */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** In requests also those: the relay names its own host, and has already answered an expectation. */
export const hopByHopRequestHeaders: ReadonlySet<string> = new Set([...connectionHeaders, 'host', 'expect']);

/** Flat response headers as the client may see them. Bytes become text by ISO 8859-1, which loses none. */
export function forwardedResponseHeaders(raw: readonly (string | Uint8Array)[]): string[] {
  const headers = raw.map(textOf);
  const named = namedByConnection(headers);
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const key = name.toLowerCase();
    if (!connectionHeaders.has(key) && named?.has(key) !== true) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}

/** The value of a header by its name in lower case; the first one if there are several. */
export function headerValue(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2)
    if (headers[index]?.toLowerCase() === name) return headers[index + 1];
  return undefined;
}

/** What `Connection` lists is hop-by-hop too, whatever it is called; `undefined`: nothing of the kind. */
export function namedByConnection(headers: readonly string[]): ReadonlySet<string> | undefined {
  const listed = headerValue(headers, 'connection');
  if (listed === undefined || /^(keep-alive|close)$/i.test(listed)) return undefined;
  return new Set(listed.split(',').map((name) => name.trim().toLowerCase()));
}

function textOf(value: string | Uint8Array): string {
  if (typeof value === 'string') return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}
