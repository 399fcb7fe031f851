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

/** Whether a server may leave some wishes for another protocol aside (`shouldUpgradeCallback`, since 24.9). */
export function canChooseUpgrades(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
}

/** `engines.node` and `version` of our own package. */
export function readPackage(): { readonly version: string; readonly nodeNeeded: string } {
  const { version, engines } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return { version: String(version), nodeNeeded: String(engines?.node ?? '') };
}
