import type { ExamplesPolicy } from '../../domain/task.ts';
import type { ShownExample } from '../shown-example.ts';
import { redact } from './sensitive-text.ts';
import { isAddressedToEditor } from './steering.ts';

/** Stands for a text that gives orders to whoever edits the prompt. */
const withheldText = '(withheld: it reads like an instruction to whoever edits the prompt)';

/**
 * An example as the optimizer model may see it. A text of the user, the assistant or a comment that speaks to whoever
 * edits the prompt is withheld as a whole, so that a model that obeys what it reads has nothing to obey. Where examples
 * are redacted, so is all that is shown.
 */
export function presentExample(example: ShownExample, policy: ExamplesPolicy): ShownExample {
  const { input, output, comment, expected, ...rest } = example;
  const present = (text: string): string => (policy === 'redact' ? redact(text) : text);
  const heed = (text: string): string => (isAddressedToEditor(text) ? withheldText : present(text));
  return {
    ...rest,
    input: heed(input),
    output: heed(output),
    ...(expected === undefined ? {} : { expected: present(expected) }),
    ...(comment === undefined ? {} : { comment: heed(comment) }),
  };
}

/** Texts of an example as presented that were withheld. */
export function withheldTexts({ input, output, comment }: ShownExample): readonly WithheldText[] {
  const texts = { input, output, comment };
  return (['input', 'output', 'comment'] as const).filter((kind) => texts[kind] === withheldText);
}

export type WithheldText = 'input' | 'output' | 'comment';
