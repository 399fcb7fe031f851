/** What a reader tells of the messages on a connection. */
export interface HttpListener {
  /** Start line and headers as text, without the empty line behind them. */
  readonly onHead: (head: string) => void;
  /** A piece of the body as it came. */
  readonly onBody: (piece: Buffer) => void;
  readonly onEnd: () => void;
}

type State = 'head' | 'counted' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer';

const nothing: Buffer = Buffer.alloc(0);

/**
 * Takes HTTP/1.1 messages apart, one after another: bodies by `content-length` or in chunks, none otherwise. As little as
 * a load generator and a fast server need to speak with well-behaved peers. Throws a RangeError for a chunk without size.
 */
export class HttpReader {
  readonly #listener: HttpListener;
  #state: State = 'head';
  #kept: Buffer = nothing;
  #left = 0;

  constructor(listener: HttpListener) {
    this.#listener = listener;
  }

  push(bytes: Buffer): void {
    let rest = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes]);
    this.#kept = nothing;
    for (;;) {
      const taken = this.#step(rest);
      if (taken === undefined) break;
      rest = rest.subarray(taken);
    }
    this.#kept = rest;
  }

  /** How many bytes the next step has taken; `undefined` where it needs more. */
  #step(bytes: Buffer): number | undefined {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes);
      case 'counted':
      case 'chunk':
        return this.#readBody(bytes);
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.#readLine(bytes);
    }
  }

  #readHead(bytes: Buffer): number | undefined {
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = bytes.toString('latin1', 0, end);
    this.#listener.onHead(head);
    this.#left = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) this.#state = 'chunk-size';
    else if (this.#left > 0) this.#state = 'counted';
    else this.#listener.onEnd();
    return end + 4;
  }

  #readBody(bytes: Buffer): number | undefined {
    const taken = Math.min(this.#left, bytes.length);
    if (taken === 0) return undefined;
    this.#listener.onBody(bytes.subarray(0, taken));
    this.#left -= taken;
    if (this.#left > 0) return taken;
    const isWhole = this.#state === 'counted';
    this.#state = isWhole ? 'head' : 'chunk-end';
    if (isWhole) this.#listener.onEnd();
    return taken;
  }

  #readLine(bytes: Buffer): number | undefined {
    const end = bytes.indexOf('\r\n');
    if (end === -1) return undefined;
    if (this.#state === 'chunk-size') {
      this.#left = Number.parseInt(bytes.toString('latin1', 0, end), 16);
      if (!(this.#left >= 0)) throw new RangeError('a chunk without size');
      this.#state = this.#left === 0 ? 'trailer' : 'chunk';
    } else if (this.#state === 'chunk-end') this.#state = 'chunk-size';
    else if (end === 0) {
      this.#state = 'head';
      this.#listener.onEnd();
    }
    return end + 2;
  }
}
