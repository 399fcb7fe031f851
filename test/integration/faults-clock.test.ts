import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { expectCountedOnce } from './support/faults/evidence.ts';
import { setScene, type Scene } from './support/faults/scene.ts';
import { expectUndelayed } from './support/faults/undelayed.ts';

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

let scene: Scene;
afterEach(async () => scene.end());

async function post(path: string, body: object): Promise<Response> {
  return fetch(scene.server.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-client',
      'x-ratchet-task': 'jumps',
    },
    body: JSON.stringify(body),
  });
}

async function decide(message: string): Promise<string> {
  const response = await post('/v1/chat/completions', {
    model: 'echo-1',
    messages: [
      { role: 'system', content: 'You sort tickets.' },
      { role: 'user', content: message },
    ],
  });
  await response.text();
  return response.headers.get('x-ratchet-decision') ?? '';
}

async function rate(id: string): Promise<string> {
  const response = await post('/v1/feedback', { id, score: 1 });
  const { outcome } = (await response.json()) as { readonly outcome?: string };
  return `${response.status} ${outcome}`;
}

async function untilKnown(task: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; ; await delay(50)) {
    const response = await fetch(`${scene.server.url}/api/tasks`);
    const { items } = (await response.json()) as { readonly items: readonly { readonly name: string }[] };
    if (items.some(({ name }) => name === task)) return;
    if (Date.now() > deadline) throw new Error(`${task} was never registered`);
  }
}

test('a wall clock that jumps by minutes, hours and years, both ways, delays, expires and deletes nothing', async () => {
  scene = await setScene({ environment: { RATCHET_LEARNING_KEY: 'sk-learning' } });
  await scene.server.logged('ready');
  const before = await decide('before all jumps');
  expect(await rate(await decide('rated before'))).toBe('200 counted');
  const traffic = scene.startTraffic();
  await traffic.forMs(400);
  const normal = await traffic.forMs(1000);

  const jumps = async (): Promise<void> => {
    for (const offMs of [5 * 60_000, -5 * 60_000, 8 * hourMs, -8 * hourMs, 10 * yearMs, -10 * yearMs])
      await jump(offMs);
  };
  expectUndelayed('clock jumps', normal, await traffic.during(jumps()));

  expect(await rate(before)).toBe('200 counted');
  await traffic.stop();
  expect(traffic.failures()).toEqual([]);
  const told = scene.server.log().filter(({ event }) => event === 'clock-jumped');
  expect(told.length).toBeLessThanOrEqual(2);
  expect((await scene.stop()).code).toBe(0);
  expectCountedOnce(traffic.feedback(), scene.databasePath);
});

/** Puts the clock wrong and right again; decisions and tasks of before and meanwhile are what they would have been. */
async function jump(offMs: number): Promise<void> {
  const before = await decide(`before the jump by ${offMs} ms`);
  scene.setClockOff(offMs);
  await delay(200);
  // A store thread that begins now sweeps at once: it must not take the wrong time for the right one.
  scene.inflict('store', 'die');
  await delay(20);
  scene.lift('store', 'die');
  await untilStored(before);
  const during = await decide(`during the jump by ${offMs} ms`);
  const fresh = scene.startTraffic({ tasks: [`task of ${offMs}`], agents: 1 });
  await untilKnown(`task of ${offMs}`);
  await fresh.stop();
  expect(fresh.failures()).toEqual([]);
  scene.setClockOff(0);
  await delay(50);
  await untilStored(during);
}

/** Feedback with this id counts, once the store thread is there again. */
async function untilStored(id: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; ; await delay(50)) {
    const outcome = await rate(id);
    if (outcome === '200 counted' || outcome === '200 duplicate') return;
    if (!outcome.startsWith('503') || Date.now() > deadline)
      throw new Error(`feedback was answered ${outcome}`);
  }
}
