import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, parseDocument, type Document } from 'yaml';
import { textOf, type Environment } from './environment.ts';
import type { ReadSchema } from './grader-config.ts';
import { invalidConfiguration } from './invalid-configuration.ts';

/** The file to read, absolute; `null` where there is none. Throws when `RATCHET_CONFIG` names one that does not exist. */
export function findFile(environment: Environment, folder: string): string | null {
  const named = textOf(environment['RATCHET_CONFIG']);
  const path = resolve(folder, named ?? 'ratchet.yaml');
  if (existsSync(path)) return path;
  if (named === undefined) return null;
  throw invalidConfiguration(
    'RATCHET_CONFIG',
    'names a file that does not exist. Correct the path, or unset it',
  );
}

/** The settings of a YAML file as plain data; an empty file has none. */
export function readYaml(file: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  // The parser's own message quotes the line, which may hold a secret; the place and the kind are enough.
  if (error !== undefined) {
    const [at] = error.linePos ?? [];
    throw invalidConfiguration(
      `${file}:${at?.line ?? 1}:${at?.col ?? 1}`,
      `is not YAML (${error.code.toLowerCase()})`,
    );
  }
  if (document.contents === null) return {};
  if (!isMap(document.contents))
    throw invalidConfiguration(file, 'expected a mapping of settings, such as "port: 8787"');
  return Object.fromEntries(Object.entries(dataOf(document, file)));
}

/** What the nodes of a document stand for. */
function dataOf(document: Document, file: string): object {
  try {
    return document.toJS();
  } catch (error) {
    throw invalidConfiguration(
      file,
      'has an alias (*name) without its anchor (&name), or far too many',
      error,
    );
  }
}

/** Reads the JSON schemas that a task's graders name, relative to the configuration file. */
export function schemaReader(task: string, file: string | null): ReadSchema {
  return (path) => {
    const place = `${file ?? 'ratchet.yaml'}: tasks.${task}.graders`;
    const absolute = resolve(dirname(file ?? '.'), path);
    if (!existsSync(absolute))
      throw invalidConfiguration(place, `the schema file ${path} does not exist beside the configuration`);
    try {
      const schema: unknown = JSON.parse(readFileSync(absolute, 'utf8'));
      if (typeof schema === 'object' && schema !== null && !Array.isArray(schema))
        return Object.fromEntries(Object.entries(schema));
    } catch (error) {
      throw invalidConfiguration(place, `the schema file ${path} cannot be read as JSON`, error);
    }
    throw invalidConfiguration(place, `the schema file ${path} holds no JSON object`);
  };
}
