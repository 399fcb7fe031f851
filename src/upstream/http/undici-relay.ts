import { Pool } from 'undici';
import type { Random } from '../../domain/random.ts';
import type { Relay } from '../relay.ts';
import { RelayCall, type CallSettings } from './relay-call.ts';

/** How a relay treats its upstream. */
export interface RelaySettings {
  /** The upstream's name. */
  readonly name: string;
  /** Base URL for OpenAI clients, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Sent in place of the client's credential; `null`: the client's own passes. */
  readonly key: string | null;
  readonly random: Random;
  /** Milliseconds until a connection must stand. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /**
   * Milliseconds until the response must begin. Default 900,000, longer than clients wait by themselves: the proxy should
   * not be the one who gives up.
   */
  readonly headersTimeoutMs?: number;
  /** Milliseconds that may pass between two pieces of a response. Default 900,000. */
  readonly idleTimeoutMs?: number;
  /** Connections at a time; further requests wait for one. Default 10,000. */
  readonly connectionsMax?: number;
  /** Further attempts when nobody listens. Default 2. */
  readonly retriesMax?: number;
}

/** Pause before the first further attempt, milliseconds; it doubles with each one, half of it at random. */
const firstRetryDelayMs = 100;

/**
 * A relay over keep-alive connections of HTTP/1.1. Only a refused connection is tried again: then nothing was sent, so
 * nothing can be billed or done twice. Throws a TypeError where the base URL is none.
 */
export function createUndiciRelay(settings: RelaySettings): Relay {
  const url = new URL(settings.baseUrl);
  const pool = new Pool(url.origin, {
    connections: settings.connectionsMax ?? 10_000,
    connectTimeout: settings.connectTimeoutMs ?? 10_000,
    headersTimeout: settings.headersTimeoutMs ?? 900_000,
    bodyTimeout: settings.idleTimeoutMs ?? 900_000,
    // One stream that ends early would otherwise share its fate with others of its connection.
    allowH2: false,
  });
  const retriesMax = settings.retriesMax ?? 2;
  const call: CallSettings = {
    dispatcher: pool,
    name: settings.name,
    key: settings.key,
    basePath: url.pathname.replace(/\/+$/, ''),
    retryDelaysMs: () =>
      Array.from(
        { length: retriesMax },
        (_, attempt) => firstRetryDelayMs * 2 ** attempt * (0.5 + 0.5 * settings.random.next()),
      ),
  };
  return {
    send: (request, handler) => {
      const sent = new RelayCall(call, request, handler);
      sent.start();
      return () => sent.cancel();
    },
    close: () => pool.close(),
  };
}
