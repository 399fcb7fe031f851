import type { Duplex, Readable } from 'node:stream';
import type { CredentialHeader } from '../domain/credential.ts';

/**
 * The data plane's way to a model: bytes in, bytes out, nothing buffered. Headers are flat [name, value, …] lists as
 * they stand on the wire. Which upstream serves, how often it is tried and with which key is the relay's to decide.
 */
export interface Relay {
  /** Sends a request. Exactly one of `onEnd` and `onError` is called, last. The returned function cancels upstream. */
  readonly send: (request: RelayRequest, handler: RelayHandler) => () => void;
  /** Asks the first upstream for everything to go on in another protocol, such as that of web sockets. Never rejects. */
  readonly openTunnel: (request: TunnelRequest) => Promise<TunnelAnswer>;
  /** Waits for requests under way, then closes connections. */
  readonly close: () => Promise<void>;
}

export interface RelayRequest {
  readonly method: string;
  /** Path and query below the upstream's base URL, such as `/chat/completions`. */
  readonly path: string;
  /** The client's, without what is meant for Ratchet: its own headers, and a credential that is a key of Ratchet's. */
  readonly headers: readonly string[];
  /** The header that a key for upstream goes into: where the client had its credential. */
  readonly credentialHeader: CredentialHeader;
  /** Bytes can be sent again, to this upstream or another; a stream only as long as nothing of it has been read. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  /** What the body asks of a model, where it has been read; else `null`. */
  readonly call: ModelCall | null;
}

/** A call of a model, by which upstreams are chosen, and which each of them may need in another form. */
export interface ModelCall {
  /** Model that the body names. */
  readonly model: string;
  /** Task that the request belongs to; `null`: none. */
  readonly taskName: string | null;
  /**
   * Whether it is a stream that does not ask for its usage and can be asked for it: only then may the body be had with
   * `isUsageRequested`. Such a request goes upstream with `accept-encoding: identity` in place of the client's, since
   * nothing could be taken out of a compressed stream again.
   */
  readonly isUsageAddable: boolean;
  /** The body in another form; all else of it stays as it is. */
  readonly bodyIn: (form: CallForm) => Uint8Array;
}

/** What an upstream needs otherwise. */
export interface CallForm {
  /** Name of the model there; `null`: as the body says. */
  readonly model: string | null;
  /** Whether a stream that was not asked for its usage is asked for it. */
  readonly isUsageRequested: boolean;
}

export interface RelayHandler {
  /** `headers` as upstream sent them; where there are several upstreams, `x-ratchet-upstream` with its name besides. */
  readonly onHead: (status: number, headers: readonly string[], served: ServedBy) => void;
  /** `false` asks for a pause until `resume` is called. */
  readonly onData: (chunk: Uint8Array, resume: () => void) => boolean;
  readonly onEnd: (trailers: readonly string[]) => void;
  readonly onError: (error: RelayFailure) => void;
}

/** A request to change the protocol, with the headers that name the new one. */
export interface TunnelRequest extends Pick<RelayRequest, 'path' | 'headers' | 'credentialHeader'> {
  /** Gives the request up, as long as it has not been answered. */
  readonly signal: AbortSignal;
}

/**
 * - `switched`: the connection speaks the new protocol; `headers` are all that upstream sent.
 * - `answered`: upstream wants to stay with HTTP, and says why.
 */
export type TunnelAnswer =
  | (TunnelHead & { readonly kind: 'switched'; readonly stream: Duplex })
  | (TunnelHead & { readonly kind: 'answered'; readonly body: Readable })
  | { readonly kind: 'failed'; readonly failure: RelayFailure };

interface TunnelHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly string[];
}

/** The upstream that answers. */
export interface ServedBy {
  /** Its name in the configuration. */
  readonly upstream: string;
  /** How often the request was sent, this time included; from 1. */
  readonly attempts: number;
  /** What it wrote behind the status, such as `OK`; may be empty. */
  readonly reason: string;
  /** Whether the stream was asked for a usage that the client did not ask for, so that it must be taken out again. */
  readonly isUsageRequested: boolean;
}

/** `overloaded`: the request was not sent, since too many are under way, or upstream counts as down. */
export interface RelayFailure {
  readonly kind: 'unreachable' | 'timeout' | 'aborted' | 'broken' | 'overloaded';
  readonly message: string;
  /** Where `overloaded`: milliseconds after which trying again may help. */
  readonly retryAfterMs?: number;
  /** Whether any byte of the request may have reached upstream. */
  readonly isSent: boolean;
}
