import { Client } from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectCountedOnceOn } from './support/faults/evidence.ts';
import { setScene, type Scene } from './support/faults/scene.ts';
import type { Traffic } from './support/faults/traffic.ts';
import { startMortalPostgres, type MortalPostgres } from './support/postgres.ts';

const connectionsMax = 20;
let postgres: MortalPostgres;
let url: string;
let scene: Scene;
let traffic: Traffic;

beforeAll(async () => {
  postgres = await startMortalPostgres(['-c', `max_connections=${connectionsMax}`]);
});
afterAll(async () => postgres.stop());
beforeEach(async () => {
  url = await postgres.createDatabase();
  scene = await setScene({ environment: { RATCHET_DATABASE: url } });
  await scene.server.logged('ready');
  // Few enough that what is due after a fault is soon made up for.
  traffic = scene.startTraffic({ agents: 2, pauseMs: 40 });
  await traffic.forMs(500);
});
afterEach(async () => scene.end());

const execute = async (statement: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
};

const eventually = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within 30 s: ${what}`);
    await delay(100);
  }
};

/** Completions went on as if nothing had been, and whatever feedback was acknowledged is counted once. */
const expectUnharmed = async (): Promise<void> => {
  await eventually('ready', async () => (await scene.readiness()).status === 200);
  await traffic.forMs(500);
  await traffic.stop();
  expect(traffic.failures()).toEqual([]);
  expect(traffic.feedback().length).toBeGreaterThan(20);
  expect((await scene.stop()).code).toBe(0);
  await expectCountedOnceOn(traffic.feedback(), url);
};

test('a server that is restarted', async () => {
  const during = await traffic.during(postgres.restart(1_500));
  expect(during.requests).toBeGreaterThan(20);
  await expectUnharmed();
});

test('a server that crashes and recovers from its log', async () => {
  await traffic.during(postgres.crash());
  await expectUnharmed();
});

test('a server that stands still for longer than a statement may take', async () => {
  const during = await traffic.during(postgres.freeze(14_000));
  expect(during.requests).toBeGreaterThan(100);
  expect(during.through.max).toBeLessThan(1_000 + 3 * during.bare.max);
  await expectUnharmed();
});

test('connections that are ended again and again', async () => {
  const end =
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
  const ending = async (): Promise<void> => {
    for (let time = 0; time < 8; time += 1) {
      await execute(end);
      await delay(200);
    }
  };
  await traffic.during(ending());
  await expectUnharmed();
});

test('connections of which there are none left', async () => {
  const others: Client[] = [];
  const exhaust = async (): Promise<void> => {
    await execute(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    for (let taken = 0; taken < connectionsMax; taken += 1) {
      const client = new Client({ connectionString: url });
      client.on('error', () => {});
      await client.connect().then(
        () => others.push(client),
        () => {},
      );
    }
    await delay(1_500);
  };
  await traffic.during(exhaust());
  expect(others.length).toBeGreaterThan(connectionsMax / 2);
  for (const client of others) await client.end();
  await expectUnharmed();
});

test('a table that somebody locks for longer than a lock is waited for', async () => {
  const locking = async (): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('begin');
    await client.query('lock table counters in access exclusive mode');
    await delay(6_000);
    await client.query('rollback');
    await client.end();
  };
  const during = await traffic.during(locking());
  expect(during.through.max).toBeLessThan(1_000 + 3 * during.bare.max);
  await expectUnharmed();
});

test('a server that is not there at the start', async () => {
  await traffic.stop();
  await scene.stop();
  const starting = postgres.restart(4_000);
  const late = await setScene({ environment: { RATCHET_DATABASE: url } });
  try {
    const early = late.startTraffic({ agents: 2, pauseMs: 40 });
    await early.forMs(1_000);
    await starting;
    await late.server.logged('ready');
    await early.forMs(1_000);
    await early.stop();
    expect(early.failures()).toEqual([]);
    expect((await late.stop()).code).toBe(0);
    await expectCountedOnceOn(early.feedback(), url);
  } finally {
    await late.end();
  }
});
