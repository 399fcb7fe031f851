import {
  defaultQueue,
  defaultTreatment,
  type RelayConfig,
  type UpstreamConfig,
  type UpstreamCredential,
} from '../domain/upstream.ts';
import type { ConfigEntries, UpstreamEntry } from './entries.ts';

/** Reads the environment variable that an upstream's `key_env` names; throws where it is not set. */
export type ReadKey = (upstream: string, variable: string) => string;

/** The upstreams of a checked configuration, defaults filled in. `readKey` may throw. */
export function toRelayConfig(settings: ConfigEntries, readKey: ReadKey): RelayConfig {
  const { upstreams, fallback, routes, tasks } = settings;
  const { default: own = {}, ...others } = upstreams;
  return {
    upstreams: [
      toUpstream('default', { ...own, url: settings.upstream }, defaultCredential(settings, own)),
      ...Object.entries(others).map(([name, entry]) =>
        toUpstream(name, entry, credentialOf(name, entry, readKey)),
      ),
    ],
    fallback: fallback ?? ['default'],
    routes,
    tasks: Object.fromEntries(
      Object.entries(tasks).flatMap(([name, task]) =>
        task.upstreams === undefined ? [] : [[name, task.upstreams] as const],
      ),
    ),
  };
}

/** Settings that are allowed and do nothing, or not what they seem to. */
export function relayWarnings(config: RelayConfig, hasKeys: boolean): readonly string[] {
  const used = upstreamsInUse(config);
  const keyed = used.find(({ credential }) => credential.kind === 'key');
  const unused = config.upstreams.filter((upstream) => !used.includes(upstream));
  const bare = used.filter(({ credential }) => credential.kind === 'client');
  return [
    ...unused
      .filter(({ name }) => name !== 'default')
      .map(({ name }) => `upstreams.${name}: no list names it, so that it gets no request`),
    ...(keyed === undefined || !hasKeys ? [] : bare).map(
      ({ name }) =>
        `upstreams.${name}: clients send a key of Ratchet's, which is not passed on, so that it gets no credential; ` +
        'give it a key',
    ),
  ];
}

/** Whether a request may be paid with a key of the operator's, so that it must be known who asks. */
export function hasOwnKey(config: RelayConfig): boolean {
  return upstreamsInUse(config).some(({ credential }) => credential.kind === 'key');
}

/** The upstreams that some list names; only they ever get a request. */
export function upstreamsInUse({
  upstreams,
  fallback,
  routes,
  tasks,
}: RelayConfig): readonly UpstreamConfig[] {
  const used = new Set([fallback, ...routes.map((route) => route.upstreams), ...Object.values(tasks)].flat());
  return upstreams.filter(({ name }) => used.has(name));
}

function defaultCredential(
  { upstream_key: key }: Pick<ConfigEntries, 'upstream_key'>,
  { key_header: header, credential = 'client' }: UpstreamEntry,
): UpstreamCredential {
  return key === undefined ? { kind: credential } : { kind: 'key', key, header: header ?? null };
}

function credentialOf(name: string, entry: UpstreamEntry, readKey: ReadKey): UpstreamCredential {
  const key = entry.key_env === undefined ? entry.key : readKey(name, entry.key_env);
  return key === undefined
    ? { kind: entry.credential ?? 'none' }
    : { kind: 'key', key, header: entry.key_header ?? null };
}

function toUpstream(name: string, entry: UpstreamEntry, credential: UpstreamCredential): UpstreamConfig {
  const { retries, breaker, ...others } = defaultTreatment;
  return {
    name,
    url: entry.url ?? '',
    credential,
    models: entry.models ?? others.models,
    isUsageRequested: entry.usage === 'request',
    connectTimeoutMs: entry.connect_timeout ?? others.connectTimeoutMs,
    firstByteTimeoutMs: entry.first_byte_timeout ?? others.firstByteTimeoutMs,
    idleTimeoutMs: entry.idle_timeout ?? others.idleTimeoutMs,
    keepAliveMs: entry.keep_alive ?? others.keepAliveMs,
    retries: {
      max: entry.retries?.max ?? retries.max,
      on: entry.retries?.on ?? retries.on,
      pauseMsMax: entry.retries?.pause_max ?? retries.pauseMsMax,
      isForRetryingClients: entry.retries?.for_retrying_clients ?? retries.isForRetryingClients,
    },
    concurrency:
      entry.concurrency === undefined
        ? null
        : {
            max: entry.concurrency,
            queueMax: entry.queue?.max ?? defaultQueue.queueMax,
            queueTimeoutMs: entry.queue?.timeout ?? defaultQueue.queueTimeoutMs,
          },
    breaker: {
      share: entry.breaker?.share ?? breaker.share,
      calls: entry.breaker?.calls ?? breaker.calls,
      pauseMs: entry.breaker?.pause ?? breaker.pauseMs,
      on: entry.breaker?.on ?? breaker.on,
      isFailFast: entry.breaker?.fail_fast ?? breaker.isFailFast,
    },
  };
}
