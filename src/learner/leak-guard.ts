import type { Edit } from '../domain/edit.ts';
import { createCopiedWords } from './safety/copied-words.ts';
import { redact } from './safety/sensitive-text.ts';
import type { ShownExample } from './shown-example.ts';

/** Consecutive characters, case and white space folded, from which on a text counts as copied. */
export const copiedCharactersMin = 40;

/** Mail addresses and numbers of at least 7 digits. Quantifiers are bounded, so that long words take linear time. */
const identifiers = /[^\s@<>"']{1,64}@[^\s@<>"']{1,255}|\d(?:[ -]?\d){6,}/g;

/** Tells what repeats the examples that were shown. */
export interface LeakGuard {
  readonly isLeakingEdit: (edit: Edit) => boolean;
  /** Whether edits that belong together do, each or all of them in a row. */
  readonly isLeaking: (edits: readonly Edit[]) => boolean;
  /** For what is kept beside edits, such as their intents. */
  readonly isLeakingText: (text: string) => boolean;
}

/**
 * Guards against traffic in prompts, where it would reach other users and outlive its retention. A text leaks when it
 * has 40 consecutive characters, 8 consecutive words, or a mail address or number of at least 7 digits, of an input,
 * answer, expected answer or comment that was shown. An edit also leaks when at least half of its runs of three words
 * stand in one input or comment: whoever writes these would otherwise write the prompt.
 *
 * What stands in the prompt itself is nobody's secret and does not count. An `add-example` may also repeat the input
 * and the expected answer of a trace with a known right answer, both together: whoever sends `expected` with a trusted
 * key gives a demonstration, and quoting it is what the operation is for. Its mail addresses and long numbers still
 * count.
 *
 * `quotes`: worked examples that were shown beside, in the prompt or in the history. They are traffic too, and no rule
 * may be made of them; where they stand in the prompt, they are not its developer's.
 */
export function createLeakGuard(
  shown: readonly ShownExample[],
  fullPrompt: string,
  quotes: readonly string[] = [],
): LeakGuard {
  const prompt = quotes.reduce((rest, quote) => rest.replaceAll(quote, '\n'), fullPrompt);
  const texts = [
    ...shown.flatMap(({ input, output, expected = '', comment = '' }) => [input, output, expected, comment]),
    ...quotes,
  ].map(fold);
  const windows = new Set(texts.flatMap(windowsOf));
  const names = new Set(texts.flatMap(identifiersIn));
  const own = fold(prompt);
  const demonstrations = shown.flatMap(({ input, expected }) =>
    expected === undefined
      ? []
      : [{ input: fold(input), answer: fold(expected), redacted: fold(redact(expected)) }],
  );
  const written = [...shown.flatMap(({ input, comment = '' }) => [input, comment]), ...quotes];

  const leaks = (text: string, allowed: readonly string[]): boolean => {
    const folded = fold(text);
    const isCopied = windowsOf(folded).some(
      (window) => windows.has(window) && !allowed.some((source) => source.includes(window)),
    );
    return isCopied || identifiersIn(folded).some((name) => names.has(name) && !own.includes(name));
  };
  const isOthersWords = (text: string, allowed: readonly string[]): boolean =>
    createCopiedWords(texts, allowed).hasRun(text) || createCopiedWords(written, allowed).isTaken(text);
  const isLeakingAs = (text: string, isExample: boolean): boolean => {
    const folded = fold(text);
    const quoted = demonstrations.filter(
      ({ answer, redacted }) => isExample && (folded.includes(answer) || folded.includes(redacted)),
    );
    const allowed = [own, ...quoted.flatMap(({ input, answer }) => [input, answer])];
    return leaks(text, allowed) || isOthersWords(text, allowed);
  };
  const isLeakingEdit = (edit: Edit): boolean =>
    'text' in edit && isLeakingAs(edit.text, edit.op === 'add-example');
  return {
    isLeakingText: (text) => leaks(text, [own]) || createCopiedWords(texts, [own]).hasRun(text),
    isLeakingEdit,
    isLeaking: (edits) => {
      const rules = edits.flatMap((edit) => ('text' in edit && edit.op !== 'add-example' ? [edit.text] : []));
      return edits.some(isLeakingEdit) || (rules.length > 1 && isLeakingAs(rules.join(' '), false));
    },
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
