import { createContext, Script } from 'node:vm';

/** Longest text, in UTF-16 code units, that a pattern is tried on; what stands behind it is not looked at. */
const patternTextMax = 20_000;

/** Longest time that one pattern may take, milliseconds. */
const patternMsMax = 100;

/**
 * Whether a regular expression matches somewhere in a text. A pattern that backtracks without end is stopped, so that
 * neither a configuration nor a client's schema can hang the gate. Throws for an invalid pattern and when time is up.
 */
export function testPattern(pattern: string, flags: string, text: string): boolean {
  Object.assign(arena, { pattern, flags, text: text.slice(0, patternTextMax) });
  return matching.runInContext(arena, { timeout: patternMsMax }) === true;
}

const arena = createContext({ pattern: '', flags: '', text: '' });
const matching = new Script('new RegExp(pattern, flags).test(text)');
