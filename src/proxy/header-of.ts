import type { IncomingMessage } from 'node:http';

/** A request header by its name in lower case; several of one name are joined by commas, as HTTP allows. */
export function headerOf({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A value in a flat list [name, value, …] by its name in lower case; the first one if there are several. */
export function flatHeaderOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2)
    if (headers[index]?.toLowerCase() === name) return headers[index + 1];
  return undefined;
}
