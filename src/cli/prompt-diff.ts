import { diffLines } from 'diff';
import { applyEdits } from '../domain/apply-edits.ts';
import type { Edit } from '../domain/edit.ts';
import { skeletonText, type Skeleton } from '../domain/skeleton.ts';
import { terminalText } from './terminal-text.ts';

const lineLengthMax = 200;
/** Unchanged lines that are shown beside a change. */
const contextLines = 4;

/**
 * What some edits change in a prompt that has other ones: lines marked `+`, `-` or by a space, slots as `{{name}}`.
 * Edits that have no place in the baseline count as none.
 */
export function promptDiff(
  baseline: Skeleton,
  before: readonly Edit[],
  after: readonly Edit[],
): readonly string[] {
  const textWith = (edits: readonly Edit[]): string => skeletonText(applyEdits(baseline, edits) ?? baseline);
  return textDiff(textWith(before), textWith(after));
}

/** How one text became another: lines marked `+`, `-` or by a space; long stretches that stayed are left out. */
export function textDiff(before: string, after: string): readonly string[] {
  const parts = diffLines(`${before}\n`, `${after}\n`);
  return parts.flatMap(({ value, added, removed }, index) => {
    const lines = value.replace(/\n$/, '').split('\n');
    const mark = added ? '+' : removed ? '-' : ' ';
    const marked = lines.map((line) => `${mark} ${terminalText(line, lineLengthMax)}`);
    if (added || removed) return marked;
    return shortened(marked, { isFirst: index === 0, isLast: index === parts.length - 1 });
  });
}

function shortened(
  lines: readonly string[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): readonly string[] {
  const [head, tail] = [isFirst ? 0 : contextLines, isLast ? 0 : contextLines];
  const left = lines.length - head - tail;
  // A prompt that did not change at all, or of which little would be left out, is told as it is.
  if ((isFirst && isLast) || left <= contextLines) return lines;
  return [...lines.slice(0, head), `  … ${left} lines as they were`, ...lines.slice(lines.length - tail)];
}
