import type { Edit } from './edit.ts';
import type { Segment, Skeleton } from './skeleton.ts';

/**
 * The skeleton after the edits, in order; `undefined` when a phrase is not in its fixed text (the edit's anchor is
 * lost), so that a variant either applies whole or not at all.
 *
 * Phrases may name slots as `{{name}}`. `insert` and `move` put text on a line of its own where the place is the end
 * of a line, else behind a space; `add-example` leaves a blank line before the example.
 */
export function applyEdits(skeleton: Skeleton, edits: readonly Edit[]): Skeleton | undefined {
  const names = skeleton.segments.flatMap((segment) => (segment.kind === 'slot' ? [segment.name] : []));
  let text: string | undefined = encode(skeleton.segments, names);
  for (const edit of edits) {
    text = applyEdit(text, withSlotMarks(edit, names));
    if (text === undefined) return undefined;
  }
  return { segments: decode(text, names) };
}

function applyEdit(text: string, edit: Edit): string | undefined {
  switch (edit.op) {
    case 'insert':
      return insertAfter(text, edit.after, edit.text);
    case 'replace':
      return cut(text, edit.find, (before, after) => before + edit.text + after);
    case 'delete':
      return cut(text, edit.find, closeGap);
    case 'move': {
      const without = cut(text, edit.find, closeGap);
      return without === undefined ? undefined : insertAfter(without, edit.after, edit.find);
    }
    case 'add-example':
      return text === '' ? edit.text : `${text}\n\n${edit.text}`;
  }
}

function insertAfter(text: string, after: string | undefined, addition: string): string | undefined {
  if (after === undefined) return text === '' ? addition : `${text}\n${addition}`;
  return cut(text, after, (before, rest) => {
    const isLineEnd = rest === '' || rest.startsWith('\n');
    const gap = isLineEnd || /^\s/.test(rest) ? '' : ' ';
    return `${before}${after}${isLineEnd ? '\n' : ' '}${addition}${gap}${rest}`;
  });
}

/** Cuts the first occurrence of a phrase out and joins what stood around it. */
function cut(
  text: string,
  phrase: string,
  join: (before: string, after: string) => string,
): string | undefined {
  const start = phrase === '' ? -1 : text.indexOf(phrase);
  return start === -1 ? undefined : join(text.slice(0, start), text.slice(start + phrase.length));
}

/** A removed phrase leaves no double space and no empty line behind. */
function closeGap(before: string, after: string): string {
  if ((before === '' || before.endsWith('\n')) && after.startsWith('\n')) return before + after.slice(1);
  if ((before === '' || /\s$/.test(before)) && after.startsWith(' ')) return before + after.slice(1);
  return before + after;
}

// Inside this file a slot is one character of Unicode's second private plane, so that edits are plain string work.
const slotMarkBase = 0x100000;
const slotMarks = /[\u{100000}-\u{10fffd}]/gu;

function slotMark(index: number): string {
  return String.fromCodePoint(slotMarkBase + index);
}

function encode(segments: readonly Segment[], names: readonly string[]): string {
  return segments
    .map((segment) =>
      segment.kind === 'slot'
        ? slotMark(names.indexOf(segment.name))
        : segment.text.replaceAll(slotMarks, '\u{fffd}'),
    )
    .join('');
}

function withSlotMarks(edit: Edit, names: readonly string[]): Edit {
  const mark = (phrase: string): string =>
    names.reduce(
      (text, name, index) => text.replaceAll(`{{${name}}}`, slotMark(index)),
      phrase.replaceAll(slotMarks, '\u{fffd}'),
    );
  return {
    ...edit,
    ...('find' in edit ? { find: mark(edit.find) } : {}),
    ...('text' in edit ? { text: mark(edit.text) } : {}),
    ...('after' in edit && edit.after !== undefined ? { after: mark(edit.after) } : {}),
  };
}

function decode(text: string, names: readonly string[]): Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  for (const match of text.matchAll(slotMarks)) {
    const name = names[(match[0].codePointAt(0) ?? slotMarkBase) - slotMarkBase];
    if (name === undefined) continue;
    if (match.index > start) segments.push({ kind: 'text', text: text.slice(start, match.index) });
    segments.push({ kind: 'slot', name });
    start = match.index + match[0].length;
  }
  if (start < text.length || segments.length === 0) segments.push({ kind: 'text', text: text.slice(start) });
  return segments;
}
