import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertPlan } from '../../src/domain/plan.ts';
import type { Store } from '../../src/store/store.ts';
import { readStore } from './support/read-store.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

const kills = 10;
const clients = 8;
/** Between the first request and the kill, milliseconds; another one each round. */
const lifeMs = (round: number): number => 150 + 70 * round;

let folder: string;
let upstream: SmallUpstream;
const sent: string[] = [];
const acknowledged: { readonly id: string; readonly score: number; readonly key: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-kill-'));
  upstream = await startSmallUpstream();
});
afterAll(async () => {
  await upstream.close();
  rmSync(folder, { recursive: true });
});

const start = (): Promise<ServerProcess> =>
  startServerProcess({
    RATCHET_UPSTREAM: upstream.url,
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
    RATCHET_LOG_LEVEL: 'info',
  });

async function post(server: ServerProcess, path: string, body: object): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-ratchet-task': 'triage' },
    body: JSON.stringify(body),
  });
}

/** One client: asks and scores until the server is gone. */
async function converse(server: ServerProcess, name: string): Promise<void> {
  try {
    for (let turn = 0; ; turn++) {
      const question = { role: 'user', content: `${name} asks for the ${turn}th time` };
      const answer = await post(server, '/v1/chat/completions', {
        model: 'small-1',
        messages: [{ role: 'system', content: 'You sort support tickets.' }, question],
      });
      await answer.text();
      const id = answer.headers.get('x-ratchet-decision');
      if (id === null) continue;
      sent.push(id);
      const score = { id, score: turn % 2, key: `turn ${turn} of ${name}` };
      const feedback = await post(server, '/v1/feedback', score);
      await feedback.text();
      if (feedback.status === 200) acknowledged.push(score);
    }
  } catch {
    // The server was killed under this client's hands, which is the point.
  }
}

async function countRewards(): Promise<{ readonly rewards: number; readonly feedbacks: number }> {
  return withStore(async (store) => {
    const { tasks } = await store.readSnapshot(0);
    const rewards = await Promise.all(tasks.map(({ task }) => store.readRewards(task.id, 0, 1_000_000)));
    return {
      rewards: rewards.flat().length,
      feedbacks: tasks.reduce((sum, { bandit }) => sum + bandit.feedbacks, 0),
    };
  });
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  return readStore(join(folder, 'ratchet.db'), work);
}

test(`${kills} times kill -9 under load lose no acknowledged feedback, count none twice, and leave the plan whole`, async () => {
  for (let round = 0; round < kills; round++) {
    const server = await start();
    const load = Promise.all(
      Array.from({ length: clients }, (_, index) => converse(server, `${round}.${index}`)),
    );
    await new Promise((resolve) => setTimeout(resolve, lifeMs(round)));
    server.kill('SIGKILL');
    expect(await server.exited).toBeNull();
    await load;
  }
  expect(acknowledged.length).toBeGreaterThan(kills * clients);

  const before = await countRewards();
  expect(before.rewards).toBeGreaterThanOrEqual(acknowledged.length);
  expect(before.rewards).toBeLessThanOrEqual(sent.length);
  expect(before.feedbacks).toBe(before.rewards);

  // Whatever was acknowledged is known: sent again it changes nothing.
  const server = await start();
  await server.logged('ready');
  for (let from = 0; from < acknowledged.length; from += 500)
    expect((await post(server, '/v1/feedback', acknowledged.slice(from, from + 500))).status).toBe(200);
  server.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(await countRewards()).toEqual(before);

  await withStore(async (store) => {
    for (const { task, plan, routing, variants } of (await store.readSnapshot(0)).tasks) {
      const plans = await store.readPlans(task.id, 1000);
      plans.forEach(assertPlan);
      expect(plans.map(({ version }) => version)).toEqual(
        Array.from({ length: plan.version }, (_, index) => plan.version - index),
      );
      expect(Object.values(routing.probabilities).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(variants.map(({ id }) => id).toSorted()).toEqual(
        plan.arms.map(({ variantId }) => variantId).toSorted(),
      );
    }
  });
});
