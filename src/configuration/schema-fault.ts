import { distance } from 'fastest-levenshtein';
import { RatchetError } from '../domain/ratchet-error.ts';

/** What a schema found wrong. Its message names kinds and bounds, never the value, which may be a secret. */
export interface SchemaIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Names that are not known, where `code` is `unrecognized_keys`. */
  readonly keys?: readonly string[];
}

/** The part of a JSON schema by which the field is found that an issue is about. */
export interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema | boolean>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean | readonly (JsonSchema | boolean)[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** Faults told at once; a file with more is better corrected step by step. */
const issuesMax = 5;

/**
 * The error for a person who has to correct a configuration: one line per issue, which names the place, what was
 * expected, what kind of value was found, what the field means, and for an unknown name the one that was probably meant.
 */
export function faultOf(
  issues: readonly SchemaIssue[],
  schema: JsonSchema,
  placeOf: (path: readonly string[]) => string,
): RatchetError {
  const lines = issues.slice(0, issuesMax).flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys')
      return [`${placeOf(path)}: ${explain(issue.message)}${meaningOf(schema, path)}`];
    const known = keysAt(schema, path);
    return (issue.keys ?? []).map(
      (key) => `${placeOf([...path, key])}: unknown key${suggestion(key, known)}`,
    );
  });
  const [first] = issues;
  const unknown = first?.code === 'unrecognized_keys' ? (first.keys ?? []).slice(0, 1) : [];
  return new RatchetError('invalid_configuration', lines.join('\n'), {
    param: placeOf([...(first?.path ?? []).map(String), ...unknown]),
  });
}

/** `; did you mean "…"?` for a near miss, else the names that exist. */
export function suggestion(name: string, known: readonly string[]): string {
  const [nearest] = known.toSorted((one, other) => distance(name, one) - distance(name, other));
  if (nearest === undefined) return '';
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? `; did you mean "${nearest}"?`
    : `; known are ${known.join(', ')}`;
}

function explain(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/^(Invalid|Too) /, (start) => start.toLowerCase());
}

function meaningOf(schema: JsonSchema, path: readonly string[]): string {
  const description = schemasAt(schema, path).find((one) => one.description !== undefined)?.description;
  return description === undefined ? '' : `. ${description}`;
}

function keysAt(schema: JsonSchema, path: readonly string[]): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap((one) => Object.keys(one.properties ?? {})))];
}

/** Every schema that may describe the place: unions fan out. */
function schemasAt(schema: JsonSchema, path: readonly string[]): readonly JsonSchema[] {
  const [step, ...rest] = path;
  if (step === undefined) return alternatives(schema);
  return alternatives(schema)
    .flatMap((one) => childrenOf(one, step))
    .flatMap((child) => schemasAt(child, rest));
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...inner.flatMap(alternatives)];
}

function childrenOf(schema: JsonSchema, step: string): readonly JsonSchema[] {
  const { properties, additionalProperties, items } = schema;
  const property = properties?.[step];
  const element = /^\d+$/.test(step) ? items : undefined;
  return [property ?? additionalProperties, element].filter((child) => isSchema(child));
}

function isSchema(value: JsonSchema['items']): value is JsonSchema {
  return typeof value === 'object' && !Array.isArray(value);
}
