import { isChat } from '../domain/agent-request.ts';
import { changedPieces, promptSlotOf, type PromptPiece } from '../domain/prompt-slot.ts';
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
  { text, ...body }: RequestBody,
  pieces: readonly PromptPiece[],
  changed: readonly (string | null)[],
): readonly Splice[] {
  const splices: Splice[] = [];
  const places = pieces.flatMap(({ place }) => (place.kind === 'message' ? [place] : []));
  const messages = found(
    elementsAt(text, conversationOf({ text, ...body }).valueStart, messageCount(places)),
  );
  const isKept: boolean[] = messages.map(() => false);
  const partsGone = new Map<number, Set<number>>();
  for (const [position, { index, part }] of places.entries()) {
    const now = changed[position] ?? null;
    if (now !== null) isKept[index] = true;
    if (now === pieces[position]?.text) continue;
    const content = memberAt(text, found(messages[index]).start, 'content');
    if (now !== null) {
      const { valueStart, valueEnd } = part === null ? content : partText(text, content, part);
      splices.push({ start: valueStart, end: valueEnd, text: JSON.stringify(now) });
    } else if (part !== null) partsGone.set(index, (partsGone.get(index) ?? new Set()).add(part));
  }
  for (const [index, gone] of partsGone) {
    if (isKept[index] !== true) continue;
    const content = memberAt(text, found(messages[index]).start, 'content');
    splices.push(
      ...removals(found(elementsAt(text, content.valueStart, Infinity)), (part) => gone.has(part)),
    );
  }
  return [...splices, ...removals(messages, (index) => isKept[index] !== true)];
}

function messageCount(places: readonly { readonly index: number }[]): number {
  return 1 + Math.max(...places.map(({ index }) => index));
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

function conversationOf({
  members,
  format,
}: Omit<RequestBody, 'text'> & { readonly text: string }): JsonMember {
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
