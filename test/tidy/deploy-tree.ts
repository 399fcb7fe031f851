import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The package's folder. */
export const root: string = resolve(import.meta.dirname, '../..');

/** A file of the package, as text. */
export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The documents of a YAML or JSON file of the package. Throws where it has errors, doubled keys or warnings. */
export function documentsOf(file: string): readonly unknown[] {
  return documentsIn(read(file), file);
}

/** The same of a text; `origin` is for the error. */
export function documentsIn(text: string, origin: string): readonly unknown[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) throw new Error(`${origin}: ${fault.message}`);
    return document.toJS() as unknown;
  });
}

/** The first document of a YAML or JSON file of the package. */
export function treeOf(file: string): unknown {
  return documentsOf(file)[0];
}

/** Every file below a folder of the package, by its path from the package's folder. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** What stands at a path in a tree; `undefined` where nothing does. */
export function at(tree: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, step)
        ? Object.entries(found).find(([key]) => key === String(step))?.[1]
        : undefined,
    tree,
  );
}

/** A list at a path; empty where there is none. */
export function listAt(tree: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(tree, ...path);
  return Array.isArray(found) ? found : [];
}

/** A text or number at a path as text; empty where there is none. */
export function textAt(tree: unknown, ...path: readonly (string | number)[]): string {
  const found = at(tree, ...path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** The names and texts of a mapping at a path. */
export function entriesAt(tree: unknown, ...path: readonly (string | number)[]): Record<string, string> {
  const found = at(tree, ...path);
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.keys(found).map((key) => [key, textAt(found, key)]));
}

/** Seconds of a duration such as `60s` or `75`. */
export function secondsOf(text: string): number {
  const [, amount = '', unit = 's'] = /^(\d+)(s|m)?$/.exec(text) ?? [];
  return Number(amount) * (unit === 'm' ? 60 : 1);
}
