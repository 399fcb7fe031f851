import type { CredentialHeader } from './credential.ts';

/** Where requests go, and in which order. */
export interface RelayConfig {
  readonly upstreams: readonly UpstreamConfig[];
  /** Names of the upstreams for everything that no other list is for, in the order in which they are tried. */
  readonly fallback: readonly string[];
  /** The first route that has a pattern for the model counts. */
  readonly routes: readonly ModelRoute[];
  /** By task name; a task's list comes before every route. */
  readonly tasks: Readonly<Record<string, readonly string[]>>;
}

/** The upstreams of some models. */
export interface ModelRoute {
  /** Names of models, in which `*` stands for any text. */
  readonly models: readonly string[];
  readonly upstreams: readonly string[];
}

/** One OpenAI-compatible service, and how it is treated. */
export interface UpstreamConfig extends UpstreamTreatment {
  readonly name: string;
  /** Base URL for OpenAI clients, such as `https://api.openai.com/v1`. */
  readonly url: string;
  readonly credential: UpstreamCredential;
}

/** Everything about an upstream that has a default. */
export interface UpstreamTreatment {
  /** Names of models there, by the name that clients use. */
  readonly models: Readonly<Record<string, string>>;
  /** Whether streams that were not asked for their usage are asked for it. */
  readonly isUsageRequested: boolean;
  /** Milliseconds until a connection must stand. */
  readonly connectTimeoutMs: number;
  /** Milliseconds from the end of the request until the response must begin. */
  readonly firstByteTimeoutMs: number;
  /** Milliseconds that may pass between two pieces of a response. */
  readonly idleTimeoutMs: number;
  /** Milliseconds that a connection is kept for the next request, where the upstream does not say how long it will. */
  readonly keepAliveMs: number;
  readonly retries: RetryConfig;
  /** `null`: no limit. */
  readonly concurrency: ConcurrencyConfig | null;
  readonly breaker: BreakerConfig;
}

/**
 * Whose credential a request carries: the client's own, a key of the operator's, or none.
 * A key goes into `header`; `null`: into the header where the client had its own.
 */
export type UpstreamCredential =
  | { readonly kind: 'client' }
  | { readonly kind: 'key'; readonly key: string; readonly header: CredentialHeader | null }
  | { readonly kind: 'none' };

/** What can go wrong before a response has begun, as settings name it; a number is a status. */
export type TroubleName = (typeof troubleNames)[number] | number;

/**
 * - `refused`: nobody listens; nothing was sent.
 * - `unreachable`: name resolution, network, TLS or the connect timeout; nothing was sent.
 * - `reset`: the connection ended, or something other than HTTP came.
 * - `timeout`: the response did not begin in time.
 * - `5xx`: any status from 500 on.
 */
export const troubleNames = ['refused', 'unreachable', 'reset', 'timeout', '5xx'] as const;

/** When the same upstream is asked again. */
export interface RetryConfig {
  /** Further attempts. */
  readonly max: number;
  readonly on: readonly TroubleName[];
  /** Longest pause before a further attempt, milliseconds; an upstream that asks for more is not asked again. */
  readonly pauseMsMax: number;
  /** Whether also for clients that are known to try again themselves. A refused connection is tried again for all. */
  readonly isForRetryingClients: boolean;
}

/** How many requests an upstream gets at a time. */
export interface ConcurrencyConfig {
  readonly max: number;
  /** Requests that may wait for their turn. */
  readonly queueMax: number;
  /** Milliseconds that one of them waits at most. */
  readonly queueTimeoutMs: number;
}

/** When an upstream counts as down: for a pause others are tried first, then one request tries it. */
export interface BreakerConfig {
  /** It opens when more than this share of the last calls failed, within (0, 1). */
  readonly share: number;
  /** How many last calls are looked at; half of them must have been made. */
  readonly calls: number;
  readonly pauseMs: number;
  readonly on: readonly TroubleName[];
  /** Whether an upstream that counts as down gets no request at all, even where that makes requests fail. */
  readonly isFailFast: boolean;
}

/** How an upstream is treated of which nothing is said: nothing is in the way that would not be without Ratchet. */
export const defaultTreatment: UpstreamTreatment = {
  models: {},
  isUsageRequested: false,
  connectTimeoutMs: 10_000,
  // Longer than clients wait by themselves: the proxy should not be the one who gives up.
  firstByteTimeoutMs: 900_000,
  idleTimeoutMs: 900_000,
  keepAliveMs: 30_000,
  retries: { max: 2, on: ['refused'], pauseMsMax: 10_000, isForRetryingClients: false },
  concurrency: null,
  breaker: {
    share: 0.5,
    calls: 20,
    pauseMs: 5_000,
    on: ['refused', 'unreachable', 'reset', 'timeout', '5xx'],
    isFailFast: false,
  },
};

/** How many requests may wait, and how long, where only their concurrency is limited. */
export const defaultQueue: Omit<ConcurrencyConfig, 'max'> = { queueMax: 1_000, queueTimeoutMs: 30_000 };
