import type { Edit } from '../../../domain/edit.ts';
import type { DiffPart } from '../../api/task.schema.ts';

/** A piece of a prompt as it is shown. */
export interface MarkedPiece {
  readonly kind: DiffPart['kind'] | 'slot';
  readonly text: string;
  /** Number of the edit that made it, from 1; `null`: none, or it cannot be told. */
  readonly edit: number | null;
}

/** The pieces of a prompt: which edit each added one comes from, and which places are slots of these names. */
export function markedPrompt(
  parts: readonly DiffPart[],
  edits: readonly Edit[],
  slotNames: readonly string[],
): readonly MarkedPiece[] {
  return parts.flatMap(({ kind, text }) => {
    const pieces =
      kind === 'added'
        ? byEdit(text, edits)
        : [{ text, edit: kind === 'removed' ? remover(text, edits) : null }];
    return pieces.flatMap((piece) => withSlots({ kind, ...piece }, slotNames));
  });
}

/** Cuts an added text where the texts of edits begin and end. */
function byEdit(text: string, edits: readonly Edit[]): readonly Omit<MarkedPiece, 'kind'>[] {
  for (const [index, edit] of edits.entries()) {
    const own = 'text' in edit ? edit.text : edit.op === 'move' ? edit.find : '';
    const start = own === '' ? -1 : text.indexOf(own);
    if (start !== -1)
      return [
        ...(start === 0 ? [] : byEdit(text.slice(0, start), edits)),
        { text: own, edit: index + 1 },
        ...(start + own.length === text.length ? [] : byEdit(text.slice(start + own.length), edits)),
      ];
  }
  const within = edits.findIndex(
    (edit) => 'text' in edit && text.trim() !== '' && edit.text.includes(text.trim()),
  );
  return [{ text, edit: within === -1 ? null : within + 1 }];
}

function remover(text: string, edits: readonly Edit[]): number | null {
  const index = edits.findIndex(
    (edit) => 'find' in edit && text.trim() !== '' && edit.find.includes(text.trim()),
  );
  return index === -1 ? null : index + 1;
}

function withSlots(piece: MarkedPiece, names: readonly string[]): readonly MarkedPiece[] {
  const marks = new Set(names.map((name) => `{{${name}}}`));
  return piece.text
    .split(/(\{\{[^{}]+\}\})/)
    .filter((text) => text !== '')
    .map((text) => ({
      ...piece,
      text,
      ...(marks.has(text) && piece.kind !== 'removed' ? { kind: 'slot' } : {}),
    }));
}
