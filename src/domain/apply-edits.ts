import type { Edit } from './edit.ts';
import { skeletonText, slotsOf, type Segment, type Skeleton, type Slot } from './skeleton.ts';

/**
 * The skeleton after the edits, in order; `undefined` when a phrase is not in its fixed text (the edit's anchor is
 * lost), so that a variant either applies whole or not at all.
 *
 * Phrases may name slots as `{{name}}`. `insert` and `move` put text on a line of its own where the place is the end
 * of a line, else behind a space; `add-example` leaves a blank line before the example. In a prompt whose lines all end
 * in CR LF, those of the edits do too.
 */
export function applyEdits(skeleton: Skeleton, edits: readonly Edit[]): Skeleton | undefined {
  const slots = slotsOf(skeleton);
  const own = skeletonText(skeleton);
  const marks = slotMarks(slots.length, [own, ...edits.flatMap(phrasesOf)]);
  const hasLoneFeeds = /(?<!\r)\n/.test(own);
  const lineBreak = own.includes('\r\n') && !hasLoneFeeds ? '\r\n' : '\n';
  const isMixed = own.includes('\r\n') && hasLoneFeeds;
  let text: string | undefined = encode(skeleton.segments, slots, marks);
  for (const edit of edits) {
    const spelled = withPhrases(edit, (phrase) => {
      const marked = withMarks(phrase, slots, marks);
      return isMixed ? marked : marked.replaceAll(/\r?\n/g, lineBreak);
    });
    text = applyEdit(text, spelled, lineBreak);
    if (text === undefined) return undefined;
  }
  return { segments: decode(text, slots, marks) };
}

function applyEdit(text: string, edit: Edit, lineBreak: string): string | undefined {
  switch (edit.op) {
    case 'insert':
      return insertAfter(text, edit.after, edit.text, lineBreak);
    case 'replace':
      return cut(text, edit.find, (before, after) => before + edit.text + after);
    case 'delete':
      return cut(text, edit.find, closeGap);
    case 'move': {
      const without = cut(text, edit.find, closeGap);
      return without === undefined ? undefined : insertAfter(without, edit.after, edit.find, lineBreak);
    }
    case 'add-example':
      return text === '' ? edit.text : `${text}${lineBreak}${lineBreak}${edit.text}`;
  }
}

function insertAfter(
  text: string,
  after: string | undefined,
  addition: string,
  lineBreak: string,
): string | undefined {
  if (after === undefined) return text === '' ? addition : `${text}${lineBreak}${addition}`;
  return cut(text, after, (before, rest) => {
    const isLineEnd = rest === '' || rest.startsWith(lineBreak);
    const gap = isLineEnd || /^\s/.test(rest) ? '' : ' ';
    return `${before}${after}${isLineEnd ? lineBreak : ' '}${addition}${gap}${rest}`;
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
  const lineBreak = /^\r?\n/.exec(after)?.[0];
  if (lineBreak !== undefined && (before === '' || before.endsWith('\n')))
    return before + after.slice(lineBreak.length);
  if ((before === '' || /\s$/.test(before)) && after.startsWith(' ')) return before + after.slice(1);
  return before + after;
}

// Inside this file a slot is one character that stands nowhere in prompt and edits, so that edits are plain string work.
const firstMark = 0x100000;

/** So many characters of Unicode's second private plane, of which none occurs in the texts. */
function slotMarks(count: number, texts: readonly string[]): readonly string[] {
  const taken = new Set(texts.flatMap((text) => text.match(/[\u{100000}-\u{10fffd}]/gu) ?? []));
  const marks: string[] = [];
  for (let point = firstMark; marks.length < count; point += 1) {
    const mark = String.fromCodePoint(point);
    if (!taken.has(mark)) marks.push(mark);
  }
  return marks;
}

function phrasesOf(edit: Edit): readonly string[] {
  const phrases: string[] = [];
  withPhrases(edit, (phrase) => {
    phrases.push(phrase);
    return phrase;
  });
  return phrases;
}

function withPhrases(edit: Edit, change: (phrase: string) => string): Edit {
  return {
    ...edit,
    ...('find' in edit ? { find: change(edit.find) } : {}),
    ...('text' in edit ? { text: change(edit.text) } : {}),
    ...('after' in edit && edit.after !== undefined ? { after: change(edit.after) } : {}),
  };
}

function withMarks(phrase: string, slots: readonly Slot[], marks: readonly string[]): string {
  return slots.reduce(
    (text, { name }, index) => text.replaceAll(`{{${name}}}`, () => marks[index] ?? ''),
    phrase,
  );
}

function encode(segments: readonly Segment[], slots: readonly Slot[], marks: readonly string[]): string {
  return segments
    .map((segment) => (segment.kind === 'slot' ? (marks[slots.indexOf(segment)] ?? '') : segment.text))
    .join('');
}

function decode(text: string, slots: readonly Slot[], marks: readonly string[]): Segment[] {
  const slotOf = new Map(marks.map((mark, index) => [mark, slots[index]]));
  const segments: Segment[] = [];
  let fixed = '';
  for (const piece of marks.length === 0 ? [text] : text.split(/([\u{100000}-\u{10fffd}])/u)) {
    const slot = slotOf.get(piece);
    if (slot === undefined) {
      fixed += piece;
      continue;
    }
    if (fixed !== '') segments.push({ kind: 'text', text: fixed });
    segments.push(slot);
    fixed = '';
  }
  if (fixed !== '' || segments.length === 0) segments.push({ kind: 'text', text: fixed });
  return segments;
}
