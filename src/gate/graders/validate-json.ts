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
