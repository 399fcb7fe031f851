import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Connection, ConnectionUser } from './connection.ts';
import { forwardedResponseHeaders } from './hop-by-hop.ts';
import { attemptFailureOf, type AttemptFailure } from './relay-failure.ts';

/** A request as one upstream gets it. */
export interface Message {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: Uint8Array | Readable | null;
}

/** Who follows an attempt. After `onEnd` or `onError` nothing comes; nothing at all once it has been aborted. */
export interface AttemptListener {
  /** `reason`: what stands behind the status. */
  readonly onHead: (status: number, headers: string[], reason: string) => void;
  /** `false` asks for a pause until `resume` is called. */
  readonly onData: (chunk: Uint8Array, resume: () => void) => boolean;
  readonly onEnd: (trailers: readonly string[]) => void;
  readonly onError: (failure: AttemptFailure) => void;
}

/**
 * How long after a request was written a kept connection may end for that to be a crossing on the wire: upstream closed
 * it as idle while the request was on its way. Milliseconds, several times the way around the earth.
 */
const crossingMsMax = 1_000;

/**
 * One sending of a request to one upstream: undici's handler for it. An object rather than closures, since one is made
 * for every request and its methods are called for every chunk.
 */
export class Attempt implements ConnectionUser {
  readonly #dispatcher: Pick<Dispatcher, 'dispatch'>;
  readonly #stopwatch: () => number;
  #listener: AttemptListener;
  #controller: Dispatcher.DispatchController | undefined;
  #connection: Connection | undefined;
  #resume: (() => void) | undefined;
  #isSent = false;
  /** When it was written to a connection that had been used before, by the stopwatch. */
  #reusedAtMs: number | null = null;
  #hasResponseBegun = false;
  #isOver = false;

  constructor(dispatcher: Pick<Dispatcher, 'dispatch'>, stopwatch: () => number, listener: AttemptListener) {
    this.#dispatcher = dispatcher;
    this.#stopwatch = stopwatch;
    this.#listener = listener;
  }

  /** Whether a connection has taken the request. */
  get isSent(): boolean {
    return this.#isSent;
  }

  start(message: Message): void {
    try {
      this.#dispatcher.dispatch(message, this);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** From now on another one is told. */
  follow(listener: AttemptListener): void {
    this.#listener = listener;
  }

  /** Ends the request upstream; nobody is told. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.abort(new Error('cancelled'));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  takenBy(connection: Connection): void {
    this.#connection = connection;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) {
      controller.abort(new Error('cancelled'));
      return;
    }
    this.#isSent = true;
    if (this.#connection?.isKept === true) this.#reusedAtMs = this.#stopwatch();
    this.#connection?.use();
  }

  onResponseStarted(): void {
    this.#hasResponseBegun = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: object,
    reason = '',
  ): void {
    // An interim response announces the real one.
    if (this.#isOver || status < 200) return;
    const { rawHeaders } = controller;
    const headers = forwardedResponseHeaders(Array.isArray(rawHeaders) ? rawHeaders : []);
    this.#listener.onHead(status, headers, reason);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#resume ??= () => controller.resume();
    if (!this.#listener.onData(chunk, this.#resume)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { rawTrailers } = controller;
    this.#listener.onEnd(Array.isArray(rawTrailers) ? forwardedResponseHeaders(rawTrailers) : []);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onError(attemptFailureOf(error, { isSent: this.#isSent, isStale: this.#isStale() }));
  }

  /** Whether a kept connection ended that had been closed before the request could reach upstream. */
  #isStale(): boolean {
    // Waiting to be written to a connection that ends just then, a request fails without having been sent.
    if (!this.#isSent) return this.#connection?.isKept === true;
    if (this.#reusedAtMs === null || this.#hasResponseBegun) return false;
    return this.#stopwatch() - this.#reusedAtMs <= crossingMsMax;
  }
}
