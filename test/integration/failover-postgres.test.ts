import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planVersionOf } from '../../bench/scale/traffic.ts';
import { banditFold } from '../../src/bandit/fold.ts';
import { createSystemRandom } from '../../src/runtime/system-random.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { openPostgresStore } from '../../src/store/kysely/postgres-store.ts';
import type { Store } from '../../src/store/store.ts';
import { startMortalPostgres, type MortalPostgres } from './support/postgres.ts';
import { sendAgain, startScoringClients } from './support/scoring-clients.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

let postgres: MortalPostgres;
let upstream: SmallUpstream;
let url: string;
let store: Store;
let servers: readonly ServerProcess[];

beforeAll(async () => {
  [postgres, upstream] = await Promise.all([startMortalPostgres(), startSmallUpstream()]);
  url = await postgres.createDatabase();
  store = await openPostgresStore({
    url,
    fold: banditFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'writer',
  });
  const start = async (): Promise<ServerProcess> =>
    startServerProcess({ RATCHET_UPSTREAM: upstream.url, RATCHET_DATABASE: url });
  servers = await Promise.all([start(), start()]);
  await Promise.all(servers.map(async (server) => server.logged('ready')));
});
afterAll(async () => {
  for (const server of servers) server.kill('SIGTERM');
  expect(await Promise.all(servers.map(async ({ exited }) => exited))).toEqual([0, 0]);
  await store.close();
  await Promise.all([upstream.close(), postgres.stop()]);
});

const planServed = async (server: ServerProcess): Promise<number> => {
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-ratchet-task': 'planned' },
    body: JSON.stringify({
      model: 'small-1',
      messages: [
        { role: 'system', content: 'You plan trips.' },
        { role: 'user', content: `to the sea, ${Math.random()}` },
      ],
    }),
  });
  await answer.text();
  expect(answer.status).toBe(200);
  return planVersionOf(answer.headers.get('x-ratchet-decision') ?? '');
};

const eventually = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 20_000;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await delay(50);
  }
};

const bothServe = async (version: number): Promise<boolean> =>
  (await Promise.all(servers.map(planServed))).every((served) => served === version);

const isReady = async (): Promise<boolean> =>
  (await Promise.all(servers.map(async (server) => (await fetch(`${server.url}/readyz`)).status))).every(
    (status) => status === 200,
  );

const newPlan = async (): Promise<number> => {
  const known = (await store.readSnapshot(0)).tasks.find(({ task }) => task.name === 'planned');
  if (known === undefined) throw new Error('the task is not stored');
  const version = known.plan.version + 1;
  const plan = { ...known.plan, version, atMs: systemClock.now() };
  expect(await store.commitGate({ taskId: known.task.id, plan })).toBe('committed');
  return version;
};

test('replicas go on with a restored copy at the address of the server, by its plans, and count what is sent again once', async () => {
  const [one, other] = servers;
  if (one === undefined || other === undefined) throw new Error('no servers');
  const clients = startScoringClients(one);
  await clients.more(60);
  await eventually('both serve the first plan', () => bothServe(1));
  await eventually('the task is stored', async () => (await newPlan()) === 2);
  await eventually('both serve the second plan', () => bothServe(2));

  const promised = [...clients.acknowledged()];
  await postgres.backUp();
  await eventually('ready again', isReady);
  await clients.more(40);
  await eventually('a later plan', async () => (await newPlan()) === 3);
  await eventually('both serve the third plan', () => bothServe(3));
  await clients.stop();
  const later = clients.acknowledged().slice(promised.length);

  await postgres.failOver();
  await eventually('ready on the copy', isReady);
  await eventually('both serve the plan of the copy', () => bothServe(2));
  expect(await newPlan()).toBe(3);
  await eventually('both serve the next plan of the copy', () => bothServe(3));

  expect(await sendAgain(other, promised)).toEqual({ duplicate: promised.length });
  const outcomes = await sendAgain(one, later);
  expect((outcomes['counted'] ?? 0) + (outcomes['duplicate'] ?? 0)).toBe(later.length);
  expect(await sendAgain(other, later)).toEqual({ duplicate: later.length });
}, 120_000);
