import { setImmediate } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Store } from '../store.ts';
import { storeMethods, type StoreMethodKind } from '../store-methods.ts';
import { sendError, type StoreReply, type StoreRequest } from './store-messages.ts';

/** Writes wait in lanes; the first lane that has one goes next. Feedback first: somebody waits for its receipt. */
const lanes = ['feedback', 'write', 'sweep', 'decisions'] as const satisfies readonly StoreMethodKind[];
type Lane = (typeof lanes)[number];

/** Small writes that a store is given at a time, so that it may bring them to disk together. */
const togetherMax = 16;

/**
 * Answers a connection's calls from a store. Reads are answered at once; writes in turn, feedback ahead of all others
 * and decisions last. Decisions and sweeps are long and go alone; other writes may be under way together, in the order
 * in which they came. The store stays open when the connection ends: it belongs to whoever opened it. How many calls
 * can wait is bounded by the other end, see `connectStore`.
 */
export function serveStore(store: Store, port: MessagePort): void {
  const waiting: Readonly<Record<Lane, StoreRequest[]>> = {
    feedback: [],
    write: [],
    sweep: [],
    decisions: [],
  };
  let isWorking = false;

  const work = async (): Promise<void> => {
    isWorking = true;
    const together = new Set<Promise<void>>();
    for (let request = next(waiting); request !== undefined; request = next(waiting)) {
      const answering = answer(store, port, request);
      if (isSmall(request)) {
        together.add(answering);
        void answering.then(() => together.delete(answering));
        if (together.size === togetherMax) await Promise.race(together);
      } else await answering;
      // Lets messages in that have arrived meanwhile, so that feedback among them goes first.
      await setImmediate();
    }
    isWorking = false;
  };

  port.on('message', (request: StoreRequest) => {
    const kind = kindOf(request);
    if (kind === 'read' || kind === 'close' || kind === 'unknown') {
      void answer(store, port, request);
      return;
    }
    waiting[kind].push(request);
    if (!isWorking) void work();
  });
}

function next(waiting: Readonly<Record<Lane, StoreRequest[]>>): StoreRequest | undefined {
  for (const lane of lanes) {
    const request = waiting[lane].shift();
    if (request !== undefined) return request;
  }
  return undefined;
}

function isSmall(request: StoreRequest): boolean {
  const kind = kindOf(request);
  return kind === 'feedback' || kind === 'write';
}

function kindOf({ method }: StoreRequest): StoreMethodKind | 'unknown' {
  return Object.hasOwn(storeMethods, method) ? storeMethods[method] : 'unknown';
}

async function answer(store: Store, port: MessagePort, request: StoreRequest): Promise<void> {
  const reply = await replyTo(store, request);
  try {
    port.postMessage(reply);
  } catch (error) {
    // A value that cannot be cloned must not leave the caller waiting, nor stop the work on what comes after.
    port.postMessage({ id: request.id, kind: 'error', error: sendError(error) } satisfies StoreReply);
  }
}

async function replyTo(store: Store, request: StoreRequest): Promise<StoreReply> {
  const { id, method, parameters } = request;
  try {
    const kind = kindOf(request);
    if (kind === 'unknown') throw new RangeError(`a store has no method ${method}`);
    if (kind === 'close') return { id, kind: 'value', value: undefined };
    // The other end is typed by the same interface, so that the parameters fit the method.
    const value: unknown = await Reflect.apply(store[method], store, parameters);
    return { id, kind: 'value', value };
  } catch (error) {
    return { id, kind: 'error', error: sendError(error) };
  }
}
