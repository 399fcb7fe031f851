import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/**
 * Why this Node cannot run Ratchet, in one line; `undefined` when it can. `bin/ratchet.js` asks the same question of
 * Nodes too old to load this file.
 */
export function nodeVersionFault(actual: string, needed: string): string | undefined {
  const least = Number(/\d+/.exec(needed)?.[0] ?? 0);
  const major = Number(actual.split('.')[0]);
  return major >= least ? undefined : `ratchet needs Node ${least} or newer; this is ${actual}`;
}

/** `engines.node` and `version` of our own package. */
export function readPackage(): { readonly version: string; readonly nodeNeeded: string } {
  const { version, engines } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return { version: String(version), nodeNeeded: String(engines?.node ?? '') };
}
