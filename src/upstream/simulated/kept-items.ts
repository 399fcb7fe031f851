import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ResponseItem } from '../../domain/responses.ts';
import type { WireResponses } from './responses-request.schema.ts';

/** Responses and items that are kept; older ones are forgotten. */
const keptMax = 10_000;

/** What the server keeps between requests, as OpenAI's does: turns by response and by conversation, items by id. */
export interface KeptItems {
  /**
   * All items that a request is about: those of the turns that it goes on from, then its own, references resolved. A
   * conversation that is not known yet begins. Throws `invalid_request` for a response or an item that is not kept.
   */
  readonly itemsFor: (wire: WireResponses) => readonly ResponseItem[];
  /** Keeps a turn: what the request was about, and what came out. */
  readonly keep: (turn: KeptTurn) => void;
}

interface KeptTurn {
  readonly responseId: string;
  readonly conversationId: string | null;
  readonly items: readonly ResponseItem[];
  readonly output: readonly ResponseItem[];
}

/** A memory with nothing in it. */
export function createKeptItems(): KeptItems {
  const turns = new Map<string, readonly ResponseItem[]>();
  const items = new Map<string, ResponseItem>();
  const resolve = (item: ResponseItem): ResponseItem => {
    const { type, role, id } = item;
    if (type !== 'item_reference' && (type ?? role) !== undefined) return item;
    const found = typeof id === 'string' ? items.get(id) : undefined;
    if (found === undefined) throw notKept('Item', id, 'input');
    return found;
  };
  return {
    itemsFor: ({ request, previousResponseId, conversationId }) => {
      const { input = [] } = request;
      const own = typeof input === 'string' ? [{ role: 'user', content: input }] : input.map(resolve);
      const earlier =
        previousResponseId === null ? turns.get(conversationId ?? '') : turns.get(previousResponseId);
      if (previousResponseId !== null && earlier === undefined)
        throw notKept('Response', previousResponseId, 'previous_response_id');
      return [...(earlier ?? []), ...own];
    },
    keep: ({ responseId, conversationId, items: given, output }) => {
      for (const name of [responseId, conversationId])
        if (name !== null) setBounded(turns, name, [...given, ...output]);
      for (const item of output) setBounded(items, String(item['id']), item);
    },
  };
}

function setBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > keptMax && oldest.done !== true) map.delete(oldest.value);
}

function notKept(what: string, id: unknown, param: string): RatchetError {
  return new RatchetError('invalid_request', `${what} with id '${String(id)}' not found.`, { param });
}
