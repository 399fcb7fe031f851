import { Ajv, type ValidateFunction } from 'ajv';
import { testPattern } from './bounded-pattern.ts';

/**
 * Whether a value satisfies a JSON schema; `undefined` where the schema itself cannot be used (invalid, or it names
 * a document that is not part of it). Formats are not checked, unknown keywords pass.
 */
export function isValidJson(schema: unknown, value: unknown): boolean | undefined {
  try {
    return validatorOf(schema)(value);
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with a value by a JSON schema, in words of the schema alone: keywords and names of its fields, never
 * anything of the value. None where it fits, or the schema cannot be used.
 */
export function schemaViolations(schema: unknown, value: unknown): readonly string[] {
  try {
    const validate = validatorOf(schema);
    if (validate(value)) return [];
    const written = JSON.stringify(schema);
    const isOfSchema = (name: string): boolean =>
      /^\d+$/.test(name) || written.includes(JSON.stringify(name));
    return (validate.errors ?? []).slice(0, violationsMax).map(({ keyword, instancePath, params }) => {
      const path = instancePath.split('/').slice(1);
      const place = path.every(isOfSchema) ? path.join('.') : '';
      const { missingProperty }: { readonly missingProperty?: unknown } = params;
      const name = typeof missingProperty === 'string' ? ` ${missingProperty}` : '';
      return `${keyword}${name}${place === '' ? '' : ` at ${place}`}`;
    });
  } catch {
    return [];
  }
}

/** Violations that are told of one answer. */
const violationsMax = 5;

/** The value of a JSON text; `undefined` where it is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const validatorsMax = 200;
const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: unknown): ValidateFunction {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null))
    throw new TypeError('a JSON schema is an object or a boolean');
  const key = JSON.stringify(schema);
  const known = validators.get(key);
  if (known !== undefined) return known;
  if (validators.size >= validatorsMax) validators.clear();
  // One engine for each schema: a shared one would keep every schema that a client ever sent, and refuse two of one $id.
  const engine = new Ajv({
    strict: false,
    validateFormats: false,
    logger: false,
    code: { regExp: boundedPatterns },
  });
  const validator = engine.compile(schema);
  validators.set(key, validator);
  return validator;
}

const boundedPatterns = Object.assign(
  (pattern: string, flags: string) => {
    new RegExp(pattern, flags).exec('');
    return { test: (text: string): boolean => testPattern(pattern, flags, text) };
  },
  // Ajv asks for the source of an engine only when it writes validators to a file, which is not done here.
  { code: 'boundedPatterns' },
);
