import { isRecord } from './is-record.ts';

/** Longest answer in which the id is looked for, and longest beginning of a stream, in characters. */
const charactersMax = { json: 8_000_000, events: 100_000 } as const;

/** Reads along with a body, and finds the id of the completion or response in it. */
export interface CompletionIdReader {
  /** The next bytes. */
  readonly read: (bytes: Uint8Array) => void;
  /** After the last bytes. */
  readonly end: () => void;
}

/** How a body is written: as one JSON object, or as server-sent events. */
export type BodyKind = keyof typeof charactersMax;

/** Reads a body of a kind. Calls `found` at most once, of a stream with its first event that has an id. */
export function createCompletionIdReader(kind: BodyKind, found: (id: string) => void): CompletionIdReader {
  const decoder = new TextDecoder();
  let text = '';
  let isDone = false;

  const look = (json: string): void => {
    const id = idOf(parse(json));
    if (id === undefined) return;
    isDone = true;
    found(id);
  };
  const lookAtLines = (): void => {
    const lines = text.split(/\r\n|\n|\r/);
    text = lines.pop() ?? '';
    for (const line of lines) if (!isDone && line.startsWith('data:')) look(line.slice('data:'.length));
  };

  return {
    read: (bytes) => {
      if (isDone) return;
      text += decoder.decode(bytes, { stream: true });
      if (kind === 'events') lookAtLines();
      if (text.length > charactersMax[kind]) isDone = true;
      if (isDone) text = '';
    },
    end: () => {
      if (!isDone && kind === 'json') look(text);
    },
  };
}

function idOf(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  const { id, response } = json;
  if (typeof id === 'string' && id !== '') return id;
  return isRecord(response) && typeof response['id'] === 'string' ? response['id'] : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
