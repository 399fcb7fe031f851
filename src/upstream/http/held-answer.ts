import type { ServedBy } from '../relay.ts';
import type { Attempt, AttemptListener } from './attempt.ts';
import type { RetryHint } from './retry-hint.ts';

/** Bytes of a held answer that are taken from upstream; a longer one waits there. */
const heldBytesMax = 64 * 1024;

/** The head of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: readonly string[];
  readonly hint: RetryHint;
  readonly served: ServedBy;
}

/**
 * An answer that is kept while the request is tried again, for the case that no better one comes. It follows the attempt
 * that it is the answer to.
 */
export class HeldAnswer implements AttemptListener {
  readonly head: AnswerHead;
  readonly #attempt: Attempt;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #trailers: readonly string[] | undefined;
  #isBroken = false;

  constructor(attempt: Attempt, head: AnswerHead) {
    this.#attempt = attempt;
    this.head = head;
    attempt.follow(this);
  }

  /** Whether nothing has failed since its head came. */
  get isWhole(): boolean {
    return !this.#isBroken;
  }

  onHead(): void {}

  onData(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes < heldBytesMax;
  }

  onEnd(trailers: readonly string[]): void {
    this.#trailers = trailers;
  }

  onError(): void {
    this.#isBroken = true;
  }

  /** Lets go of it. */
  discard(): void {
    this.#attempt.abort();
  }

  /** Hands on what has come, and all that still comes; the attempt is then the listener's. */
  handTo(listener: AttemptListener): Attempt {
    const attempt = this.#attempt;
    const isWanted =
      this.#bytes === 0 || listener.onData(Buffer.concat(this.#chunks), () => attempt.resume());
    if (this.#trailers !== undefined) listener.onEnd(this.#trailers);
    else {
      attempt.follow(listener);
      if (isWanted) attempt.resume();
      else attempt.pause();
    }
    return attempt;
  }
}

/**
 * Which of two answers tells the client more: the newer one, unless only the older one says when to come again.
 */
export function moreTelling(older: HeldAnswer | undefined, newer: HeldAnswer): HeldAnswer {
  if (older === undefined || !older.isWhole) return newer;
  return older.head.hint.afterMs !== null && newer.head.hint.afterMs === null ? older : newer;
}
