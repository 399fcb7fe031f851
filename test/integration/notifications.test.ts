import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listenForChanges } from '../../src/composition/listen-for-changes.ts';
import type { Loop } from '../../src/runtime/loop.ts';
import { createSnapshotCache, type SnapshotCache } from '../../src/store/cached/snapshot-cache.ts';
import { fakeFold } from '../../src/store/fake-fold.case.ts';
import { openPostgresServer, type PostgresStore } from '../../src/store/kysely/postgres-store.ts';
import { sampleTask, startMs } from '../../src/store/samples.case.ts';
import type { Store } from '../../src/store/store.ts';
import { startDeafPooler } from './support/deaf-pooler.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';
import { startServerProcess } from './support/server-process.ts';
import { startSmallUpstream } from './support/small-upstream.ts';

let postgres: PostgresServer;
let url: string;
let admin: Client;
let writer: Store;
let version = 1;
const closing: (() => Promise<unknown>)[] = [];

const open = async (at: string): Promise<PostgresStore> =>
  openPostgresServer({
    url: at,
    fold: fakeFold,
    clock: { now: () => startMs },
    random: { next: () => 0.5 },
    mode: 'writer',
  });

beforeAll(async () => {
  postgres = await startPostgres();
  process.stdout.write(`PostgreSQL from ${postgres.origin}\n`);
  url = await postgres.createDatabase();
  admin = new Client({ connectionString: url });
  await admin.connect();
  writer = (await open(url)).store;
  await writer.registerTask(sampleTask());
});
afterAll(async () => {
  await writer.close();
  await admin.end();
  await postgres.stop();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Replica {
  readonly cache: SnapshotCache;
  readonly log: readonly string[];
  readonly isListening: () => boolean;
  readonly listening: Loop;
}

/** A snapshot as a replica keeps it, told of changes or asking for them. */
const startReplica = async (at: string, isTold: boolean): Promise<Replica> => {
  const { store, listen } = await open(at);
  const cache = createSnapshotCache(store);
  const log: string[] = [];
  let isListening = false;
  const logger = {
    debug: () => {},
    error: () => {},
    info: (event: string) => void log.push(event),
    warn: (event: string) => void log.push(event),
  };
  const listening = listenForChanges(isTold ? listen : async () => Promise.reject(new Error('deaf')), {
    onChange: cache.notice,
    onListening: (isOn) => {
      isListening = isOn;
      cache.relyOnNotices(isOn);
    },
    logger,
  });
  closing.push(store.close, async () => cache.stop(), listening.stop);
  await eventually(() => cache.get('triage') !== undefined);
  return { cache, log, isListening: () => isListening, listening };
};

const eventually = async (holds: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms`);
    await delay(1);
  }
};

/** Commits a new plan; resolves to how long a replica serves by the old one, milliseconds. */
const staleMs = async ({ cache }: Replica): Promise<number> => {
  const task = await writer.readTask('triage');
  if (task === undefined) throw new Error('no task');
  version = task.plan.version + 1;
  expect(await writer.commitGate({ taskId: 'triage', plan: { ...task.plan, version } })).toBe('committed');
  const committedAt = performance.now();
  await eventually(() => cache.get('triage')?.plan.version === version);
  return performance.now() - committedAt;
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const listeners = async (): Promise<number> => {
  const { rowCount } = await admin.query(
    "select pid from pg_stat_activity where application_name = 'ratchet-listener' and datname = current_database()",
  );
  return rowCount ?? 0;
};

describe('a replica that is told of changes', () => {
  it('serves a new plan sooner than one that asks', async () => {
    const [told, asking] = [await startReplica(url, true), await startReplica(url, false)];
    await eventually(told.isListening);
    const times: { told: number[]; asking: number[] } = { told: [], asking: [] };
    for (let change = 0; change < 15; change += 1) {
      times.told.push(await staleMs(told));
      await delay(137);
      times.asking.push(await staleMs(asking));
      await delay(113);
    }
    const [heard, asked] = [median(times.told), median(times.asking)];
    process.stdout.write(
      `a new plan serves after ${heard.toFixed(0)} ms when told, ${asked.toFixed(0)} ms when asked for\n`,
    );
    expect(heard).toBeLessThan(asked);
    expect(Math.max(...times.told)).toBeLessThan(1_000);
  });

  it('is told when a change is committed, and never of one that is not', async () => {
    const { listen } = await open(url);
    let heard = 0;
    const listening = await listen(() => (heard += 1));
    closing.push(listening.close);
    await admin.query('begin');
    await admin.query("select pg_notify('ratchet_changes', '999')");
    await delay(50);
    await admin.query('rollback');
    await listening.prove();
    expect(heard).toBe(0);
    await writer.saveBaseline('triage', { ...sampleTask().baseline, stableFor: 7 });
    await listening.prove();
    expect(heard).toBe(1);
  });

  it('misses nothing when its connection is ended again and again, and holds one at a time', async () => {
    const replica = await startReplica(url, true);
    for (let round = 0; round < 5; round += 1) {
      await eventually(replica.isListening);
      expect(await listeners()).toBe(1);
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ratchet-listener'",
      );
      expect(await staleMs(replica)).toBeLessThan(1_000);
      await eventually(
        () => replica.log.filter((event) => event === 'notifications-off').length === round + 1,
      );
    }
    await eventually(replica.isListening);
    await replica.listening.stop();
    await eventually(async () => (await listeners()) === 0);
  });

  it('asks as often as without where a pooler lets it listen to nothing, says so once, and hears when it can', async () => {
    const pooler = await startDeafPooler(url);
    closing.push(pooler.close);
    const replica = await startReplica(pooler.url, true);
    await eventually(() => replica.log.length > 0);
    expect(replica.log).toEqual(['notifications-off']);
    expect(await staleMs(replica)).toBeLessThan(500);
    await delay(3_000);
    expect(replica.log).toEqual(['notifications-off']);
    expect(await listeners()).toBeLessThanOrEqual(1);
    pooler.letThrough(true);
    await eventually(replica.isListening, 10_000);
    pooler.letThrough(false);
    // Now each notice is lost, and nobody knows it yet.
    for (let change = 0; change < 3; change += 1) expect(await staleMs(replica)).toBeLessThan(1_000);
  });
});

describe('a server on PostgreSQL', () => {
  it('listens over one connection, and leaves none behind', async () => {
    const upstream = await startSmallUpstream();
    closing.push(upstream.close);
    const server = await startServerProcess({
      RATCHET_UPSTREAM: upstream.url,
      RATCHET_DATABASE: url,
      RATCHET_ROLE: 'proxy',
    });
    await server.logged('notifications-on');
    expect(await listeners()).toBe(1);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    await eventually(async () => (await listeners()) === 0);
  });
});
