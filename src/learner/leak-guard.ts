import type { Edit } from '../domain/edit.ts';
import type { ShownExample } from './shown-example.ts';

/** Consecutive characters, case and white space folded, from which on a text counts as copied. */
export const copiedCharactersMin = 40;

/** Mail addresses and numbers of at least 7 digits. Quantifiers are bounded, so that long words take linear time. */
const identifiers = /[^\s@<>"']{1,64}@[^\s@<>"']{1,255}|\d(?:[ -]?\d){6,}/g;

/** Tells what repeats the examples that were shown. */
export interface LeakGuard {
  readonly isLeakingEdit: (edit: Edit) => boolean;
  /** For what is kept beside edits, such as their intents. */
  readonly isLeakingText: (text: string) => boolean;
}

/**
 * Guards against traffic in prompts, where it would reach other users and outlive its retention. A text leaks when it
 * has 40 consecutive characters, or a mail address or number of at least 7 digits, of an input, answer, expected
 * answer or comment that was shown.
 *
 * What stands in the prompt itself is nobody's secret and does not count. An `add-example` may also repeat the input
 * and the expected answer of a trace with a known right answer: whoever sends `expected` with a trusted key gives a
 * demonstration, and quoting it is what the operation is for. Its mail addresses and long numbers still count.
 */
export function createLeakGuard(shown: readonly ShownExample[], prompt: string): LeakGuard {
  const texts = shown.flatMap(({ input, output, expected = '', comment = '' }) =>
    [input, output, expected, comment].map(fold),
  );
  const windows = new Set(texts.flatMap(windowsOf));
  const names = new Set(texts.flatMap(identifiersIn));
  const own = fold(prompt);
  const demonstrations = shown.flatMap(({ input, expected }) =>
    expected === undefined ? [] : [fold(input), fold(expected)],
  );

  const leaks = (text: string, allowed: readonly string[]): boolean => {
    const folded = fold(text);
    const isCopied = windowsOf(folded).some(
      (window) => windows.has(window) && !allowed.some((source) => source.includes(window)),
    );
    return isCopied || identifiersIn(folded).some((name) => names.has(name) && !own.includes(name));
  };
  return {
    isLeakingText: (text) => leaks(text, [own]),
    isLeakingEdit: (edit) =>
      'text' in edit && leaks(edit.text, edit.op === 'add-example' ? [own, ...demonstrations] : [own]),
  };
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

function windowsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - copiedCharactersMin + 1) }, (_, start) =>
    text.slice(start, start + copiedCharactersMin),
  );
}

function identifiersIn(text: string): string[] {
  return text.match(identifiers) ?? [];
}
