/**
 * The data plane's way to a model: bytes in, bytes out, nothing buffered. Headers are flat [name, value, …] lists as
 * they stand on the wire.
 */
export interface Relay {
  /** Sends a request. Exactly one of `onEnd` and `onError` is called, last. The returned function cancels upstream. */
  readonly send: (request: RelayRequest, handler: RelayHandler) => () => void;
  /** Waits for requests under way, then closes connections. */
  readonly close: () => Promise<void>;
}

export interface RelayRequest {
  readonly method: string;
  /** Path and query below the upstream's base URL, such as `/chat/completions`. */
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
}

export interface RelayHandler {
  /** `headers` as upstream sent them. */
  readonly onHead: (status: number, headers: readonly Uint8Array[] | readonly string[]) => void;
  /** `false` asks for a pause until `resume` is called. */
  readonly onData: (chunk: Uint8Array, resume: () => void) => boolean;
  readonly onEnd: (trailers: readonly string[]) => void;
  readonly onError: (error: RelayFailure) => void;
}

export interface RelayFailure {
  readonly kind: 'unreachable' | 'timeout' | 'aborted' | 'broken';
  readonly message: string;
  /** Whether any byte of the request may have reached upstream. */
  readonly isSent: boolean;
}
