import { diffLines } from 'diff';
import { applyEdits } from '../domain/apply-edits.ts';
import type { Edit } from '../domain/edit.ts';
import { skeletonText, type Skeleton } from '../domain/skeleton.ts';
import { terminalText } from './terminal-text.ts';

const lineLengthMax = 200;

/**
 * What some edits change in a prompt that has other ones: lines marked `+`, `-` or by a space, slots as `{{name}}`.
 * Edits that have no place in the baseline count as none.
 */
export function promptDiff(
  baseline: Skeleton,
  before: readonly Edit[],
  after: readonly Edit[],
): readonly string[] {
  const textWith = (edits: readonly Edit[]): string =>
    `${skeletonText(applyEdits(baseline, edits) ?? baseline)}\n`;
  return diffLines(textWith(before), textWith(after)).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${added ? '+' : removed ? '-' : ' '} ${terminalText(line, lineLengthMax)}`),
  );
}
