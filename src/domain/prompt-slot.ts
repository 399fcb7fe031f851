import { isChat, type AgentRequest } from './agent-request.ts';
import { leadingPromptLength, type ChatMessage, type ContentPart } from './chat.ts';
import { isGiven, isTextPart, leadingPromptItems, type ResponseItem } from './responses.ts';

/**
 * The one text of a request that Ratchet may improve: the leading system and developer messages of a chat; of a responses
 * request its instructions, else the leading system and developer messages of its input.
 */
export interface PromptSlot {
  /** Texts of the pieces: messages are joined by an empty line, parts of a message by a line break. */
  readonly text: string;
  /** What the text is made of; none where there is no prompt. */
  readonly pieces: readonly PromptPiece[];
  /** Number of messages of the conversation that the slot takes up. */
  readonly length: number;
}

/** A text of its own in the slot. */
export interface PromptPiece {
  readonly text: string;
  /** What stands between the piece before it and this one in the slot's text. */
  readonly separator: string;
  readonly place: PiecePlace;
}

/**
 * Where a piece stands: in `instructions`, or in the message of `messages` or `input` at `index`. `part` counts the parts
 * of its content; `null` where the content is the text itself.
 */
export type PiecePlace =
  | { readonly kind: 'instructions' }
  | { readonly kind: 'message'; readonly index: number; readonly part: number | null };

/** The prompt slot of a request; `undefined` where it holds anything but text, which no edit could keep. */
export function promptSlotOf(request: AgentRequest): PromptSlot | undefined {
  if (isChat(request)) return slotOf(request.messages, leadingPromptLength(request.messages));
  const { instructions, input, prompt: keptPrompt } = request;
  if (!isGiven(instructions)) {
    // A prompt that upstream keeps is in nobody's hands here.
    if (keptPrompt !== undefined && keptPrompt !== null) return undefined;
    return slotOf(typeof input === 'string' ? [] : (input ?? []), leadingPromptItems(input));
  }
  return {
    text: instructions,
    pieces: [{ text: instructions, separator: '', place: { kind: 'instructions' } }],
    length: 1,
  };
}

/**
 * What becomes of each piece when the slot gets another text: a text, or `null` for one that goes. Pieces that the new
 * text still has at its beginning and at its end stay as they are, so that messages keep their boundaries and the
 * markers on their parts; those in between become one. Text put between two pieces belongs to the first.
 */
export function changedPieces(pieces: readonly PromptPiece[], text: string): readonly (string | null)[] {
  let [first, start] = [0, 0];
  let [last, end] = [pieces.length - 1, text.length];
  for (let piece = pieces[last]; piece !== undefined && last > 0; piece = pieces[last]) {
    const tail = piece.separator + piece.text;
    if (tail.length > end || !text.endsWith(tail, end)) break;
    end -= tail.length;
    last -= 1;
  }
  for (let piece = pieces[first]; piece !== undefined && first < last; piece = pieces[first]) {
    const head = piece.text + (pieces[first + 1]?.separator ?? '');
    if (start + head.length > end || !text.startsWith(head, start)) break;
    start += head.length;
    first += 1;
  }
  return pieces.map((piece, index) => {
    if (index < first || index > last) return piece.text;
    return index === first ? text.slice(start, end) : null;
  });
}

/**
 * The request with another text in its slot. Where there was none, a chat begins with a system message, and a responses
 * request gets instructions. A request without a slot stays as it is.
 */
export function withPrompt<Request extends AgentRequest>(request: Request, text: string): Request {
  const slot = promptSlotOf(request);
  if (slot === undefined) return request;
  const { pieces } = slot;
  const changed = changedPieces(pieces, text);
  if (isChat(request)) {
    const messages =
      pieces.length === 0
        ? [{ role: 'system', content: text }, ...request.messages]
        : changedMessages(request.messages, pieces, changed);
    return { ...request, messages };
  }
  if (pieces.length === 0 || pieces[0]?.place.kind === 'instructions')
    return { ...request, instructions: text };
  const { input } = request;
  return {
    ...request,
    input: typeof input === 'string' ? input : changedMessages(input ?? [], pieces, changed),
  };
}

interface TextHolder {
  readonly content?: string | readonly ContentPart[] | null;
}

function slotOf(messages: readonly TextHolder[], length: number): PromptSlot | undefined {
  const pieces: PromptPiece[] = [];
  for (const [index, { content }] of messages.slice(0, length).entries()) {
    const separator = index === 0 ? '' : '\n\n';
    if (typeof content === 'string')
      pieces.push({ text: content, separator, place: { kind: 'message', index, part: null } });
    else if (!Array.isArray(content) || content.length === 0) return undefined;
    else
      for (const [part, value] of content.entries()) {
        if (!isTextPart(value)) return undefined;
        const place: PiecePlace = { kind: 'message', index, part };
        pieces.push({ text: value.text, separator: part === 0 ? separator : '\n', place });
      }
  }
  const text = pieces.map((piece) => piece.separator + piece.text).join('');
  return { text, pieces, length };
}

function changedMessages<Message extends ChatMessage | ResponseItem>(
  messages: readonly Message[],
  pieces: readonly PromptPiece[],
  changed: readonly (string | null)[],
): readonly Message[] {
  const texts = new Map<number, Map<number | null, string | null>>();
  for (const [position, { place }] of pieces.entries()) {
    if (place.kind !== 'message') continue;
    const parts = texts.get(place.index) ?? new Map<number | null, string | null>();
    texts.set(place.index, parts.set(place.part, changed[position] ?? null));
  }
  return messages.flatMap((message, index) => {
    const parts = texts.get(index);
    if (parts === undefined) return [message];
    const kept = contentOf(message, parts);
    return kept === null ? [] : [{ ...message, content: kept }];
  });
}

function contentOf(
  { content }: TextHolder,
  texts: ReadonlyMap<number | null, string | null>,
): string | readonly ContentPart[] | null {
  if (!Array.isArray(content)) return texts.get(null) ?? null;
  const parts: readonly ContentPart[] = content;
  const kept = parts.flatMap((part, index) => {
    const text = texts.get(index);
    return text === null || text === undefined ? [] : [{ ...part, text }];
  });
  return kept.length === 0 ? null : kept;
}
