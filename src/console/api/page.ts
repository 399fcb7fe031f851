import { RatchetError } from '../../domain/ratchet-error.ts';

/** A part of a list, as the API answers with it. `next` asks for the part that follows; `null`: there is none. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** What a cursor may hold: where a list goes on. */
type CursorValue = number | string;

/** A place in a list as text that means nothing to clients. */
export function encodeCursor(...place: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Throws `invalid_request` for what is no cursor of this form, such as `['number', 'string']`. */
export function decodeCursor(
  cursor: string | undefined,
  form: readonly ('number' | 'string')[],
): readonly CursorValue[] | undefined {
  if (cursor === undefined) return undefined;
  const place = parse(cursor);
  const isSound =
    place.length === form.length &&
    place.every((value, index) => typeof value === form[index] && isStorable(value));
  if (!isSound)
    throw new RatchetError('invalid_request', 'cursor: expected what `next` of the part before said', {
      param: 'cursor',
    });
  return place;
}

/** Databases refuse to compare whole numbers with others than these. */
function isStorable(value: unknown): boolean {
  return typeof value !== 'number' || Number.isSafeInteger(value);
}

function parse(cursor: string): readonly CursorValue[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(place) ? place : [];
  } catch {
    return [];
  }
}

/** The place of a list in order of time, then id. */
export function timeCursor(
  cursor: string | undefined,
): { readonly atMs: number; readonly id: string } | undefined {
  const place = decodeCursor(cursor, ['number', 'string']);
  return place && { atMs: Number(place[0]), id: String(place[1]) };
}

/** One part of a list that is in memory as a whole; `keyOf` tells items apart and follows their order. */
export function pageOf<Item>(
  items: readonly Item[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  keyOf: (item: Item) => string,
): Page<Item> {
  const place = decodeCursor(cursor, ['string']);
  const start = place === undefined ? 0 : items.findIndex((item) => keyOf(item) === place[0]) + 1;
  // What the cursor stood at is gone: nothing that could follow is known.
  if (place !== undefined && start === 0) return { items: [], next: null };
  const part = items.slice(start, start + limit);
  const last = part.at(-1);
  const isEnd = last === undefined || start + limit >= items.length;
  return { items: part, next: isEnd ? null : encodeCursor(keyOf(last)) };
}
