import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Properties are checked on the same cases in every run, so that a run that passes passes again. `RATCHET_TEST_SEED`, a
 * whole number, chooses others, to look for what nobody has thought of.
 */
const seed = Number(process.env['RATCHET_TEST_SEED'] ?? 20_261_121);

const { testPath } = expect.getState();
// Most tests have no properties, and need not wait for the library.
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes("'fast-check'")) {
  const { configureGlobal } = await import('fast-check');
  configureGlobal({ seed });
}
