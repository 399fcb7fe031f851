import type { Edit } from '../../domain/edit.ts';
import type { DropReason } from '../drop-reason.ts';
import { isAddressedToEditor } from './steering.ts';
import { textFault } from './text-fault.ts';

/** What new edits are held against. */
export interface EditsGround {
  /** The prompt that they change; what it says already is its developer's. */
  readonly prompt: string;
  /** Whether worked examples are forbidden. */
  readonly isForbidden: boolean;
}

/**
 * Why new edits may not be proposed, whatever they are worth: what is wrong with one of their texts, or with all of them
 * read in a row, so that nothing gets through in pieces; `undefined` where nothing is. A worked example may not carry an
 * order to whoever edits the prompt either, since it would stand there for every later edit.
 */
export function editsFault(
  edits: readonly Edit[],
  { prompt, isForbidden }: EditsGround,
): DropReason | undefined {
  const texts = edits.flatMap((edit) => ('text' in edit ? [edit.text] : []));
  const examples = edits.flatMap((edit) => (edit.op === 'add-example' ? [edit.text] : []));
  if (isForbidden && examples.length > 0) return 'example-forbidden';
  if (examples.some(isAddressedToEditor)) return 'steers-machinery';
  const readings = texts.length > 1 ? [...texts, texts.join(' ')] : texts;
  return readings.map((text) => textFault(text, prompt)).find((fault) => fault !== undefined);
}
