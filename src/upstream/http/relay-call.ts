import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { isCredentialHeader } from '../../domain/credential.ts';
import type { RelayHandler, RelayRequest, ServedBy } from '../relay.ts';
import { forwardedRequestHeaders, forwardedResponseHeaders } from './hop-by-hop.ts';
import { isRefused, relayFailureOf } from './relay-failure.ts';

/** What every call of a relay has in common. */
export interface CallSettings {
  readonly dispatcher: Pick<Dispatcher, 'dispatch'>;
  /** The upstream's name. */
  readonly name: string;
  /** Path of the base URL, without a slash at its end. */
  readonly basePath: string;
  /** Sent in place of the client's credential; `null`: the client's own passes. */
  readonly key: string | null;
  /** Milliseconds to wait before each further attempt after a refused connection; its length bounds the attempts. */
  readonly retryDelaysMs: () => readonly number[];
}

/**
 * One request on its way: undici's handler for it, and the owner of its life. An object rather than closures, since one
 * is made for every request and its methods are called for every chunk.
 */
export class RelayCall implements Dispatcher.DispatchHandler {
  readonly #settings: CallSettings;
  readonly #request: RelayRequest;
  readonly #handler: RelayHandler;
  readonly #headers: string[];
  #delaysMs: readonly number[] | undefined;
  #attempts = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isSent = false;
  #isOver = false;

  constructor(settings: CallSettings, request: RelayRequest, handler: RelayHandler) {
    this.#settings = settings;
    this.#request = request;
    this.#handler = handler;
    this.#headers = headersOf(request, settings.key);
  }

  start(): void {
    const { method, path, body } = this.#request;
    try {
      this.#settings.dispatcher.dispatch(
        {
          method,
          path: `${this.#settings.basePath}${path}`,
          headers: this.#headers,
          body:
            body === null || body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false }),
        },
        this,
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the call, upstream too; `onError` is told `aborted`. */
  cancel(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#controller?.abort(new Error('cancelled'));
    this.#handler.onError({ kind: 'aborted', message: 'the client went away', isSent: this.#isSent });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('cancelled'));
    else this.#isSent = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // An interim response announces the real one.
    if (this.#isOver || status < 200) return;
    const { rawHeaders } = controller;
    const headers = forwardedResponseHeaders(Array.isArray(rawHeaders) ? rawHeaders : []);
    this.#handler.onHead(status, headers, this.#servedBy());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    if (!this.#handler.onData(chunk, () => controller.resume())) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { rawTrailers } = controller;
    this.#handler.onEnd(Array.isArray(rawTrailers) ? forwardedResponseHeaders(rawTrailers) : []);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    this.#delaysMs ??= this.#settings.retryDelaysMs();
    const delayMs = this.#delaysMs[this.#attempts];
    if (this.#isSent || delayMs === undefined || !isRefused(error)) {
      this.#fail(error);
      return;
    }
    this.#attempts += 1;
    this.#timer = setTimeout(() => this.start(), delayMs);
  }

  #servedBy(): ServedBy {
    return { upstream: this.#settings.name, attempts: this.#attempts + 1, isUsageRequested: false };
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#handler.onError(relayFailureOf(error, this.#isSent));
  }
}

/**
 * The length of a body at hand follows from the body; that of one that streams is what its sender said. A key of the
 * upstream's stands in for the client's credential.
 */
function headersOf({ headers, body, credentialHeader }: RelayRequest, key: string | null): string[] {
  const forwarded = forwardedRequestHeaders(headers);
  const isLengthKnown = body === null || body instanceof Uint8Array;
  const kept: string[] = [];
  for (let index = 0; index + 1 < forwarded.length; index += 2) {
    const name = forwarded[index] ?? '';
    const lowerCase = name.toLowerCase();
    if (isLengthKnown && lowerCase === 'content-length') continue;
    if (key !== null && isCredentialHeader(lowerCase)) continue;
    kept.push(name, forwarded[index + 1] ?? '');
  }
  if (key !== null) kept.push(credentialHeader, credentialHeader === 'authorization' ? `Bearer ${key}` : key);
  return kept;
}
