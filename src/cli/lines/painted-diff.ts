import { textDiff } from '../prompt-diff.ts';
import type { Paint } from './paint.ts';

/** How one prompt became another, indented; what came is green, what went is red. */
export function paintedDiff(before: string, after: string, paint: Paint): readonly string[] {
  return textDiff(before, after).map((line) => {
    if (line.startsWith('+')) return `  ${paint('green', line)}`;
    return `  ${line.startsWith('-') ? paint('red', line) : line}`;
  });
}
