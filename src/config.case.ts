import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { loadConfig } from './config.ts';
import type { Config } from './configuration/config.ts';
import { RatchetError } from './domain/ratchet-error.ts';

/** Of an administrator, long enough. */
export const token = 'an-admin-token-of-some-length';

/** A file with one key, and what else is said of it. */
export const key = (rest: string): string =>
  `keys: [{id: a, secret: a-long-enough-secret, roles: [infer], ${rest}}]`;

/** A folder with configuration files. */
export interface ConfigFolder {
  /** Path of a file in it. */
  readonly path: (name: string) => string;
  readonly write: (text: string, name?: string) => void;
  readonly load: (environment?: Record<string, string>) => Config;
  /** Why a configuration is refused. */
  readonly faultOf: (environment: Record<string, string>) => RatchetError;
}

/** A folder that is new for every test. */
export function useConfigFolder(): ConfigFolder {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ratchet-config-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const load = (environment: Record<string, string> = {}): Config => loadConfig(environment, folder);
  return {
    path: (name) => join(folder, name),
    write: (text, name = 'ratchet.yaml') => writeFileSync(join(folder, name), text),
    load,
    faultOf: (environment) => {
      try {
        load(environment);
      } catch (error) {
        if (error instanceof RatchetError) return error;
        throw error;
      }
      throw new Error('the configuration was accepted');
    },
  };
}
