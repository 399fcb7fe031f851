import type { GraderConfig } from '../../domain/grader.ts';
import { missing, scored, type Grader } from './grader.ts';
import { outputText } from './output-text.ts';

/**
 * 1 where the answer equals the ground truth, else 0; missing without ground truth. Case, white space and punctuation
 * or quotes around the text do not count; two JSON documents are equal when their values are. An answer that only
 * calls a tool is compared by the call's arguments.
 */
export const exact: Grader<Extract<GraderConfig, { kind: 'exact' }>> = {
  isDeterministic: true,
  grade: (_config, { answer, expected }) => {
    if (expected === null) return missing('no ground truth is known');
    return scored(normalise(outputText(answer)) === normalise(expected) ? 1 : 0);
  },
};

/** The form in which two texts are compared. */
export function normalise(text: string): string {
  const json = canonicalJson(text);
  if (json !== undefined) return json;
  const folded = text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const bare = folded.replaceAll(aroundText, '');
  // An answer of nothing but punctuation, such as "+", is its own name.
  return bare === '' ? folded : bare;
}

/** Quotes, brackets, marks and dots, but not the signs that may belong to a value: "-5", "$3", "50%". */
const aroundText = /^[\s"'`«»„“”‘’*_.,;:!?()[\]{}]+|[\s"'`«»„“”‘’*_.,;:!?()[\]{}]+$/gu;

/** Objects and lists only: a bare number or string is text like any other. */
function canonicalJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(sortKeys(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, field]) => [key, sortKeys(field)]),
  );
}
