import type { Edit } from '../../domain/edit.ts';
import type { ExamplesPolicy } from '../../domain/task.ts';
import { redact } from './sensitive-text.ts';

/** Edits as they may be proposed: where the task asks for it, worked examples have marks instead of personal data. */
export function redactExamples(edits: readonly Edit[], policy: ExamplesPolicy): readonly Edit[] {
  if (policy !== 'redact') return edits;
  return edits.map((edit) => (edit.op === 'add-example' ? { ...edit, text: redact(edit.text) } : edit));
}
