/** What differs between two runs against the same upstream without any fault of the way there. */
export interface Randomness {
  /** Ids that the upstream makes up, or boundaries that the client does. Equal ones stay equal. */
  readonly text: RegExp | null;
  /** Whether the upstream writes down the time of the day. */
  readonly times: boolean;
}

/** Headers that Ratchet adds, and those of the connection, which each side of a proxy has for itself. */
const ownHeaders = /^(x-ratchet-.*|server-timing|date|connection|keep-alive|host)$/;

/** Fields with the time of the day, in seconds. */
const timeFields = /^(created|created_at|completed_at|expires_at|in_progress_at|finalizing_at)$/;

/** Fields of errors that hold the headers of a response in a plain object. */
const headerFields = /^(responseHeaders|headers)$/;

/**
 * A value as plain data that can be compared with that of another run: classes become objects with their name, bytes
 * hexadecimal, random ids numbered names, and headers lose what belongs to one connection or to Ratchet.
 */
export function comparable(value: unknown, { text, times }: Randomness, baseUrl: string): unknown {
  const names = new Map<string, string>();
  const named = (found: string): string => {
    const name = names.get(found) ?? `<random ${names.size + 1}>`;
    names.set(found, name);
    return name;
  };
  const plainText = (given: string): string => {
    const local = given.replaceAll(baseUrl, '<base>');
    return text === null ? local : local.replace(text, named);
  };
  const seen = new Set<object>();

  const plain = (given: unknown, key: string): unknown => {
    if (typeof given === 'string') return plainText(given);
    if (typeof given === 'number') return times && timeFields.test(key) && given > 1e9 ? '<time>' : given;
    if (typeof given === 'function') return '<function>';
    if (typeof given !== 'object' || given === null) return given;
    if (given instanceof Headers) return headersOf([...given]);
    if (given instanceof Uint8Array) return `<bytes ${Buffer.from(given).toString('hex')}>`;
    if (given instanceof Date) return '<date>';
    if (seen.has(given)) return '<again>';
    seen.add(given);
    const made = container(given, key);
    seen.delete(given);
    return made;
  };

  const container = (given: object, key: string): unknown => {
    if (Array.isArray(given)) return given.map((item) => plain(item, key));
    const entries = Object.entries(given);
    if (headerFields.test(key)) return headersOf(entries.map(([name, header]) => [name, String(header)]));
    const fields = Object.fromEntries(entries.map(([field, item]) => [field, plain(item, field)]));
    if (!(given instanceof Error)) return fields;
    const { name, message, cause } = given;
    return {
      class: given.constructor.name,
      ...fields,
      name,
      message: plainText(message),
      cause: plain(cause, 'cause'),
    };
  };

  const headersOf = (entries: readonly (readonly [string, string])[]): object =>
    Object.fromEntries(
      entries
        .map(([name, header]) => [name.toLowerCase(), plainText(header)] as const)
        .filter(([name]) => !ownHeaders.test(name)),
    );

  return plain(value, '');
}
