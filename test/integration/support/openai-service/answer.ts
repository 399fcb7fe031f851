import { createHash } from 'node:crypto';

/** What the service sends back: a JSON value, bytes, or the pieces of an event stream. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array | readonly string[] | object;
  /** An event stream that never ends after its last piece, until the client goes. */
  readonly isEndless?: boolean;
}

/** A request as the service understands it. */
export interface Question {
  readonly method: string;
  /** Below `/v1`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as JSON; an empty object where it is none. */
  readonly json: Json;
}

/** A JSON object that nobody vouches for. */
export type Json = Readonly<Record<string, unknown>>;

/** The same text for the same seed, so that two runs of one client get the same ids. */
export function idOf(prefix: string, ...seed: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of seed) hash.update(part);
  return `${prefix}${hash.digest('hex').slice(0, 24)}`;
}

/** One event of a stream. */
export function event(data: object, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** Text cut where a model's tokens might end: before each blank. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/\s?\S+/g) ?? [];
}

/** The objects of a list, or none where the value is no list of objects. */
export function objectsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a message's content, as one string; images are counted. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .map(({ text, type }) => (typeof text === 'string' ? text : `[${String(type)}]`))
    .join(' ');
}

/** Any value that a JSON schema of OpenAI's strict subset allows, the same one each time. */
export function sampleOf(schema: unknown, known: Json = {}): unknown {
  if (!isObject(schema)) return null;
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  switch (schema['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).map(([name, property]) => [
          name,
          known[name] ?? sampleOf(property, known),
        ]),
      );
    case 'array':
      return [sampleOf(schema['items'], known)];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return 7;
    default:
      return 'billing';
  }
}

/** The calls that a model makes: one for each city in the question, else one of the first tool. */
export function callsOf(
  tools: readonly { readonly name: string; readonly parameters: unknown }[],
  question: string,
): readonly { readonly name: string; readonly arguments: string }[] {
  const [first] = tools;
  if (first === undefined) return [];
  const cities = question.match(/Bern|Basel/g) ?? [undefined];
  return cities.map((city) => ({
    name: first.name,
    arguments: JSON.stringify(sampleOf(first.parameters, city === undefined ? {} : { city })),
  }));
}
