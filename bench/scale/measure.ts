import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { quantile } from '../statistics.ts';
import { between, type Cluster, type Proxy } from './cluster.ts';
import { ask, feedbackRate, planVersionOf, serve } from './traffic.ts';

/** One number of proxies, and one share that is recorded. */
export interface ScaleRun {
  readonly proxies: number;
  readonly share: number;
  readonly requestsPerSecond: number;
  /** Of the proxies, microseconds. */
  readonly cpuPerRequest: number;
  /** Of the database, beyond what it does without requests. */
  readonly perRequest: {
    readonly rows: number;
    readonly transactions: number;
    readonly logBytes: number;
    readonly cpuMicros: number;
  };
  /** Transactions a second of each proxy that nobody asks anything. */
  readonly idlePerProxy: number;
  /** Until every proxy serves by a new plan, milliseconds. */
  readonly staleness: { readonly p50: number; readonly max: number };
  /** Receipts of feedback a second, at most. */
  readonly feedbackPerSecond: number;
}

/** How long each part of a run takes. */
export interface ScaleEffort {
  readonly seconds: number;
  readonly planChanges: number;
  readonly feedbacks: number;
}

const feedbackEvery = 20;
const idleMs = 3_000;

/** Measures one cluster of proxies; they are stopped afterwards. */
export async function measureScale(
  cluster: Cluster,
  { proxies: count, share, upstreamPort }: { proxies: number; share: number; upstreamPort: number },
  { seconds, planChanges, feedbacks }: ScaleEffort,
): Promise<ScaleRun> {
  const proxies = await cluster.startProxies(count, share, upstreamPort);
  try {
    await serve(proxies, 2, feedbackEvery);
    const idleBefore = await cluster.work();
    const idleAt = performance.now();
    await delay(idleMs);
    const idleAfter = await cluster.work();
    const idleSeconds = (performance.now() - idleAt) / 1_000;
    const idle = between(idleBefore, idleAfter);
    const cpuBefore = cpuOf(proxies);
    const before = idleAfter;
    const startedAt = performance.now();
    const served = await serve(proxies, seconds, feedbackEvery);
    const after = await cluster.work();
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    const busy = between(before, after);
    const beyondIdle = (all: number, atRest: number): number =>
      Math.max(0, all - (atRest * tookSeconds) / idleSeconds) / served.requests;
    return {
      proxies: count,
      share,
      requestsPerSecond: served.requests / served.seconds,
      cpuPerRequest: (cpuOf(proxies) - cpuBefore) / served.requests,
      perRequest: {
        rows: beyondIdle(busy.rows, idle.rows),
        transactions: beyondIdle(busy.transactions, idle.transactions),
        logBytes: beyondIdle(busy.logBytes, idle.logBytes),
        cpuMicros: beyondIdle(busy.cpuMicros, idle.cpuMicros),
      },
      idlePerProxy: idle.transactions / idleSeconds / count,
      staleness: await measureStaleness(cluster, proxies, planChanges),
      feedbackPerSecond: await feedbackRate(proxies, feedbacks),
    };
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  }
}

function cpuOf(proxies: readonly Proxy[]): number {
  return proxies.reduce((sum, proxy) => sum + proxy.cpuMicros(), 0);
}

async function measureStaleness(
  { store }: Cluster,
  proxies: readonly Proxy[],
  changes: number,
): Promise<ScaleRun['staleness']> {
  const pools = proxies.map(({ url }) => new Pool(url, { connections: 1 }));
  const delays: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const [known] = (await store.readSnapshot(0)).tasks;
    if (known === undefined) throw new Error('no task was stored');
    const version = known.plan.version + 1;
    const plan = { ...known.plan, version, atMs: systemClock.now() };
    const outcome = await store.commitGate({ taskId: known.task.id, plan });
    if (outcome !== 'committed') throw new Error(`the plan was not taken: ${outcome}`);
    const committedAt = performance.now();
    await Promise.all(
      pools.map(async (pool) => {
        while (planVersionOf(await ask(pool)) < version) await delay(2);
      }),
    );
    delays.push(performance.now() - committedAt);
    await delay(37);
  }
  await Promise.all(pools.map((pool) => pool.close()));
  delays.sort((one, other) => one - other);
  return { p50: quantile(delays, 0.5), max: quantile(delays, 1) };
}
