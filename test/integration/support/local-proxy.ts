import { serve } from '@hono/node-server';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { banditFold } from '../../../src/bandit/fold.ts';
import type { Decision } from '../../../src/domain/decision.ts';
import { defaultPrice } from '../../../src/domain/price.ts';
import { defaultTaskConfig } from '../../../src/domain/task.ts';
import { defaultTreatment, type RelayConfig, type UpstreamConfig } from '../../../src/domain/upstream.ts';
import { createProxy } from '../../../src/proxy/app.ts';
import type { ProxyDeps } from '../../../src/proxy/proxy-deps.ts';
import { silentLogger } from '../../../src/domain/logger.ts';
import { createSystemRandom } from '../../../src/runtime/system-random.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { createMemoryStore } from '../../../src/store/memory/memory-store.ts';
import type { TaskSnapshot } from '../../../src/store/plan-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentTelemetry } from '../../../src/telemetry/telemetry.ts';
import { createHttpRelay } from '../../../src/upstream/http/http-relay.ts';

/** A server on a free port of loopback. */
export interface LocalServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** A request as an upstream got it, to the byte. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Listens with a handler of one's own. */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A proxy in this process, with a store in memory. */
export interface LocalProxy {
  /** Base URL for clients, `/v1` included. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  readonly decisions: Decision[];
  /** Resolves with the decision number `count`, from 1, once it is recorded. */
  readonly decision: (count: number) => Promise<Decision>;
  /** Lets the proxy see what the store has. */
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface LocalProxySettings {
  readonly upstreamPort: number;
  readonly deps?: Partial<ProxyDeps>;
  readonly relay?: RelaySettings;
  /** Methods to use instead of the memory store's. */
  readonly store?: (memory: Store) => Partial<Store>;
}

/** How the upstream is treated, and others beside it. */
export interface RelaySettings extends Partial<UpstreamConfig> {
  /** In place of the client's own credential. */
  readonly key?: string | null;
  readonly headersTimeoutMs?: number;
  /** Further attempts when nobody listens. */
  readonly retriesMax?: number;
  /** Further upstreams. */
  readonly others?: readonly UpstreamConfig[];
  /** Default: only the first upstream. */
  readonly order?: Partial<Omit<RelayConfig, 'upstreams'>>;
}

/** An upstream on this machine whose API is under `/v1`. */
export function localUpstream(port: number, settings: RelaySettings = {}): UpstreamConfig {
  const { key = null, headersTimeoutMs, retriesMax, others: _, order: __, ...others } = settings;
  const { retries, firstByteTimeoutMs } = defaultTreatment;
  return {
    ...defaultTreatment,
    name: 'default',
    url: `http://127.0.0.1:${port}/v1`,
    credential: key === null ? { kind: 'client' } : { kind: 'key', key, header: null },
    firstByteTimeoutMs: headersTimeoutMs ?? firstByteTimeoutMs,
    retries: { ...retries, max: retriesMax ?? retries.max },
    ...others,
  };
}

/** Starts a proxy before an upstream whose API is under `/v1`. */
export async function startLocalProxy({
  upstreamPort,
  deps = {},
  relay: relaySettings = {},
  store: changed = () => ({}),
}: LocalProxySettings): Promise<LocalProxy> {
  const random = createSystemRandom();
  const memory = createMemoryStore({ fold: banditFold, clock: deps.clock ?? systemClock, random });
  const store: Store = { ...memory, ...changed(memory) };
  const relay = createHttpRelay(
    {
      upstreams: [localUpstream(upstreamPort, relaySettings), ...(relaySettings.others ?? [])],
      fallback: ['default'],
      routes: [],
      tasks: {},
      ...relaySettings.order,
    },
    { random, clock: deps.clock ?? systemClock, telemetry: deps.telemetry ?? silentTelemetry },
  );
  const known = new Map<string, TaskSnapshot>();
  const decisions: Decision[] = [];
  const waiting = new Set<() => void>();
  const proxy = createProxy({
    relay,
    store,
    snapshots: { get: (taskId) => known.get(taskId), all: () => known.values() },
    decisionLog: {
      append: (decision) => {
        decisions.push(decision);
        void store.recordDecisions([decision]).catch(() => {});
        for (const wake of waiting) wake();
      },
    },
    clock: systemClock,
    random,
    logger: silentLogger,
    telemetry: silentTelemetry,
    secret: 'a secret for tests',
    keys: [],
    hasUpstreamKey: (relaySettings.key ?? null) !== null,
    isLoopback: true,
    isContentCaptured: false,
    areTasksAutomatic: true,
    recording: 'full',
    configOf: () => defaultTaskConfig,
    priceOf: () => defaultPrice,
    ...deps,
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  // Global objects stay Node's, as in the real server.
  const settings = { fetch: proxy.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false };
  const server = serve(settings, ({ port }) => resolve(port));
  const port = await promise;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    store,
    decisions,
    decision: async (count) => {
      for (;;) {
        const found = decisions[count - 1];
        if (found !== undefined) return found;
        await new Promise<void>((wake) => {
          waiting.add(wake);
        });
      }
    },
    refresh: async () => {
      for (const task of (await store.readSnapshot(0)).tasks) known.set(task.task.id, task);
    },
    close: async () => {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await relay.close();
    },
  };
}
