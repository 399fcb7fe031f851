import { isChat } from '../domain/agent-request.ts';
import { changedPieces, promptSlotOf, type PiecePlace, type PromptPiece } from '../domain/prompt-slot.ts';
import { elementsAt, membersAt, skipSpace, type JsonElement, type JsonMember } from './json-members.ts';
import type { RequestBody } from './request-body.ts';
import { setField, type Splice } from './splice.ts';

/**
 * The changes that put another text into the prompt slot of a body. Only texts that differ are replaced, and what
 * becomes part of another piece is taken out; all else of a message keeps its spelling. Throws a RangeError where the
 * slot is not found again.
 */
export function promptSplices(body: RequestBody, prompt: string): readonly Splice[] {
  const slot = promptSlotOf(body.request);
  if (slot === undefined) return [];
  const changed = changedPieces(slot.pieces, prompt);
  const [first] = slot.pieces;
  if (first === undefined)
    return [isChat(body.request) ? systemMessage(body, prompt) : setField(body, 'instructions', prompt)];
  if (first.place.kind === 'instructions') return [setField(body, 'instructions', prompt)];
  return messageSplices(body, slot.pieces, changed);
}

function systemMessage(body: RequestBody, prompt: string): Splice {
  const { valueStart } = conversationOf(body);
  const start = skipSpace(body.text, valueStart + 1);
  const json = JSON.stringify({ role: 'system', content: prompt });
  return { start, end: start, text: body.text[start] === ']' ? json : `${json},` };
}

function messageSplices(
  body: RequestBody,
  pieces: readonly PromptPiece[],
  changed: readonly (string | null)[],
): readonly Splice[] {
  const { text } = body;
  const count = 1 + (placeOf(pieces.at(-1))?.index ?? 0);
  const messages = found(elementsAt(text, conversationOf(body).valueStart, count));
  if (messages.length < count) throw new RangeError('the prompt was not found again');
  const contentAt = (index: number): JsonMember => memberAt(text, found(messages[index]).start, 'content');
  const splices: Splice[] = [];
  for (const [position, piece] of pieces.entries()) {
    const now = changed[position] ?? null;
    const place = placeOf(piece);
    if (now === null || now === piece.text || place === undefined) continue;
    const content = contentAt(place.index);
    const { valueStart, valueEnd } = place.part === null ? content : partText(text, content, place.part);
    splices.push({ start: valueStart, end: valueEnd, text: JSON.stringify(now) });
  }
  if (!changed.includes(null)) return splices;
  const places = pieces.flatMap((piece, position) => {
    const place = placeOf(piece);
    return place === undefined ? [] : [{ ...place, isGone: changed[position] === null }];
  });
  const isMessageGone = (index: number): boolean =>
    places.every((place) => place.index !== index || place.isGone);
  const partSplices = messages.flatMap((_, index) => {
    const gone = places.filter((place) => place.index === index && place.isGone).map(({ part }) => part);
    if (gone.length === 0 || isMessageGone(index)) return [];
    const parts = found(elementsAt(text, contentAt(index).valueStart, Infinity));
    return removals(parts, (part) => gone.includes(part));
  });
  return [...splices, ...partSplices, ...removals(messages, isMessageGone)];
}

function placeOf(piece: PromptPiece | undefined): Extract<PiecePlace, { kind: 'message' }> | undefined {
  return piece?.place.kind === 'message' ? piece.place : undefined;
}

/**
 * Takes elements out of a list, each with the comma before it. One that begins the list stays, as some other is always
 * kept before it: what goes has become part of a piece further ahead.
 */
function removals(elements: readonly JsonElement[], isGone: (index: number) => boolean): readonly Splice[] {
  const firstKept = elements.findIndex((_, index) => !isGone(index));
  return elements.flatMap(({ start, end }, index): readonly Splice[] => {
    if (!isGone(index)) return [];
    // The elements that begin the list go together with the commas behind them.
    if (index < firstKept) return [{ start, end: found(elements[index + 1]).start, text: '' }];
    return [{ start: found(elements[index - 1]).end, end, text: '' }];
  });
}

function conversationOf({ members, format }: RequestBody): JsonMember {
  return found(members.find(({ key }) => key === format.conversationField));
}

function partText(text: string, content: JsonMember, part: number): JsonMember {
  const element = elementsAt(text, content.valueStart, part + 1)?.[part];
  return memberAt(text, found(element).start, 'text');
}

/** Of members with one name the last, as parsers have it. */
function memberAt(text: string, start: number, key: string): JsonMember {
  return found(membersAt(text, start)?.findLast((member) => member.key === key));
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('the prompt was not found again');
  return value;
}
