import { parseAdminTokens, parseKeys } from './api-keys.ts';
import { settingNames } from './config-file.schema.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import { suggestion } from './schema-fault.ts';

/** The process' environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that only a file can hold. */
const fileOnly: readonly string[] = ['upstreams', 'fallback', 'routes', 'shadow', 'prices', 'tasks'];
const variableNames = settingNames.filter((name) => !fileOnly.includes(name));

/** The variable that sets a top-level key of the file. */
export function variableOf(setting: string): string {
  return `RATCHET_${setting.toUpperCase()}`;
}

/** Variables that are set, as the file would hold them. What cannot be read as asked stays text, for the schema to refuse. */
export function readEnvironment(environment: Environment): Readonly<Record<string, unknown>> {
  const settings: Record<string, unknown> = {};
  for (const name of variableNames) {
    const text = textOf(environment[variableOf(name)]);
    if (text !== undefined) settings[name] = valueOf(name, text);
  }
  return settings;
}

function valueOf(setting: string, text: string): unknown {
  switch (setting) {
    case 'port':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'record_share':
      return /^[\d.]+$/.test(text) ? Number(text) : text;
    case 'automatic_tasks':
    case 'capture_content':
      return isTrue(text) ? true : isFalse(text) ? false : text;
    case 'keys':
    case 'admin_tokens':
      try {
        return setting === 'keys' ? parseKeys(text) : parseAdminTokens(text);
      } catch (error) {
        throw invalidConfiguration(
          variableOf(setting),
          error instanceof RangeError ? error.message : 'cannot be read',
        );
      }
    default:
      return text;
  }
}

/** Variables that begin like ours but are not known; a platform may have set them, so they are no error. */
export function unknownVariables(environment: Environment): readonly string[] {
  const known = [...variableNames.map(variableOf), 'RATCHET_CONFIG', 'RATCHET_SERVER'];
  return Object.keys(environment)
    .filter((name) => name.startsWith('RATCHET_') && !known.includes(name))
    .map((name) => `${name}: unknown variable${suggestion(name, known)}`)
    .filter((warning) => warning.includes('did you mean'));
}

/** A variable's text; an empty one counts as unset. */
export function textOf(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

/** Whether a text switches something on. */
export function isTrue(text: string | undefined): boolean {
  return /^(true|1|yes|on)$/i.test(text ?? '');
}

function isFalse(text: string): boolean {
  return /^(false|0|no|off)$/i.test(text);
}
