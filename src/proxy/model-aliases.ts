import type { Relay, RelayHandler, RelayRequest, ServedBy } from '../upstream/relay.ts';
import { flatHeaderOf } from './header-of.ts';
import { modelObject, withModels } from './model-list.ts';
import { modelAlias } from './task-name.ts';

/** Where models are listed, and where one of them is described, below the API's root. */
const listPath = '/models';
const modelPath = '/models/';

/** Longest list that is held to be edited, bytes; a longer one passes as it is. */
const listBytesMax = 8 * 1024 * 1024;

/** Headers that say what the bytes of a body are. */
const bodyHeaders: ReadonlySet<string> = new Set(['content-length', 'content-md5', 'digest', 'etag']);

/**
 * The same relay, which lists the aliases of tasks among upstream's models and describes each of them itself. Without
 * aliases nothing changes.
 */
export function withModelAliases(relay: Relay, taskNames: readonly string[]): Relay {
  if (taskNames.length === 0) return relay;
  const ids = taskNames.map(modelAlias);
  return {
    ...relay,
    send: (request, handler) => {
      if (request.method !== 'GET' || !request.path.startsWith(listPath)) return relay.send(request, handler);
      const path = request.path.split('?', 1)[0] ?? '';
      if (path === listPath) return relay.send(plain(request), new ListEditor(handler, ids));
      const id = path.startsWith(modelPath) ? decoded(path.slice(modelPath.length)) : '';
      return ids.includes(id) ? describe(id, handler) : relay.send(request, handler);
    },
  };
}

/** Asks for an answer that can be edited: nothing can be added to a compressed one. */
function plain(request: RelayRequest): RelayRequest {
  const headers = request.headers.filter(
    (_, index, all) => all[index - (index % 2)]?.toLowerCase() !== 'accept-encoding',
  );
  return { ...request, headers: [...headers, 'accept-encoding', 'identity'] };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Answers in upstream's place. */
function describe(id: string, handler: RelayHandler): () => void {
  const json = Buffer.from(JSON.stringify(modelObject(id)));
  let isOver = false;
  queueMicrotask(() => {
    if (isOver) return;
    isOver = true;
    const headers = ['content-type', 'application/json', 'content-length', String(json.length)];
    handler.onHead(200, headers, { upstream: 'ratchet', attempts: 0, reason: 'OK', isUsageRequested: false });
    handler.onData(json, () => {});
    handler.onEnd([]);
  });
  return () => {
    if (isOver) return;
    isOver = true;
    handler.onError({ kind: 'aborted', message: 'the client went away', isSent: false });
  };
}

interface Head {
  readonly status: number;
  readonly headers: readonly string[];
  readonly served: ServedBy;
}

/** Holds a list until it is whole, and adds to it; what is no list passes through. */
class ListEditor implements RelayHandler {
  readonly #handler: RelayHandler;
  readonly #ids: readonly string[];
  /** The head of a list that is held; `undefined`: nothing is. */
  #held: Head | undefined;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(handler: RelayHandler, ids: readonly string[]) {
    this.#handler = handler;
    this.#ids = ids;
  }

  readonly onHead = (status: number, headers: readonly string[], served: ServedBy): void => {
    const isPlain = (flatHeaderOf(headers, 'content-encoding') ?? 'identity') === 'identity';
    const isJson = flatHeaderOf(headers, 'content-type')?.toLowerCase().includes('json') === true;
    if (status === 200 && isPlain && isJson) this.#held = { status, headers, served };
    else this.#handler.onHead(status, headers, served);
  };

  readonly onData = (chunk: Uint8Array, resume: () => void): boolean => {
    if (this.#held === undefined) return this.#handler.onData(chunk, resume);
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes <= listBytesMax || this.#release(resume);
  };

  readonly onEnd = (trailers: readonly string[]): void => {
    if (this.#held !== undefined) {
      const list = Buffer.concat(this.#chunks);
      const edited = withModels(list, this.#ids);
      if (edited !== undefined && edited !== list) {
        this.#chunks = [edited];
        this.#held = { ...this.#held, headers: withLength(this.#held.headers, edited.length) };
      }
      this.#release(() => {});
    }
    this.#handler.onEnd(trailers);
  };

  readonly onError: RelayHandler['onError'] = (failure) => {
    // What came before upstream broke off is the client's, as it would have been without us.
    if (this.#held !== undefined && failure.kind !== 'aborted') this.#release(() => {});
    this.#handler.onError(failure);
  };

  #release(resume: () => void): boolean {
    const { status, headers, served } = this.#held ?? { status: 0, headers: [], served: null };
    this.#held = undefined;
    if (served !== null) this.#handler.onHead(status, headers, served);
    return this.#bytes === 0 || this.#handler.onData(Buffer.concat(this.#chunks.splice(0)), resume);
  }
}

function withLength(headers: readonly string[], length: number): readonly string[] {
  const kept = headers.filter(
    (_, index) => !bodyHeaders.has(headers[index - (index % 2)]?.toLowerCase() ?? ''),
  );
  return [...kept, 'content-length', String(length)];
}
