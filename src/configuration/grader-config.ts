import type { GraderConfig } from '../domain/grader.ts';
import type { GraderEntry } from './entries.ts';

/** Reads the JSON file that a `json-schema` grader names. */
export type ReadSchema = (path: string) => Readonly<Record<string, unknown>>;

/** Longest wait for a webhook, milliseconds, where the configuration says nothing. */
const webhookMsMax = 10_000;

/** The domain's configuration of a checked grader. `readSchema` may throw. */
export function toGraderConfig(grader: GraderEntry, readSchema: ReadSchema): GraderConfig {
  const weight = grader.weight ?? 1;
  switch (grader.kind) {
    case 'exact':
      return { weight, kind: 'exact', against: 'expected' };
    case 'normalised':
      return {
        weight,
        kind: 'normalised',
        ignore: grader.ignore ?? ['case', 'unicode', 'whitespace', 'punctuation'],
        match: grader.match ?? 'whole',
      };
    case 'numeric':
      return {
        weight,
        kind: 'numeric',
        absolute: grader.absolute ?? 0,
        relative: grader.relative ?? 0,
        take: grader.take ?? 'last',
        decimal: grader.decimal ?? 'point',
        ...(grader.field === undefined ? {} : { field: grader.field }),
      };
    case 'json-schema':
      return {
        weight,
        kind: 'json-schema',
        schema: typeof grader.schema === 'string' ? readSchema(grader.schema) : grader.schema,
      };
    case 'regex':
      return {
        weight,
        kind: 'regex',
        pattern: grader.pattern,
        ...(grader.flags === undefined ? {} : { flags: grader.flags }),
      };
    case 'tool-call':
      return { weight, kind: 'tool-call' };
    case 'similarity':
      return { weight, kind: 'similarity', floor: grader.floor ?? 0 };
    case 'webhook':
      return {
        weight,
        kind: 'webhook',
        url: grader.url,
        timeoutMs: grader.timeout ?? webhookMsMax,
        ...(grader.secret_env === undefined ? {} : { secretEnv: grader.secret_env }),
      };
    case 'judge':
      return { weight, kind: 'judge', rubric: grader.rubric };
  }
}
