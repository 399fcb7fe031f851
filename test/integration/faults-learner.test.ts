import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { expectCountedOnce } from './support/faults/evidence.ts';
import { setScene, type Scene, type SceneSettings } from './support/faults/scene.ts';
import type { Traffic } from './support/faults/traffic.ts';
import { expectUndelayed } from './support/faults/undelayed.ts';

/** How long traffic is measured before a fault, milliseconds. */
const normalMs = 800;

/** Longest that a stop may take: 3 s for a thread that does not stop, and what is under way. */
const stopMsMax = 6000;

let scene: Scene;
let silent: Server | undefined;
afterEach(async () => {
  await scene.end();
  silent?.close();
  silent?.closeAllConnections();
  silent = undefined;
});

async function start(settings: SceneSettings = {}): Promise<Traffic> {
  scene = await setScene({
    ...settings,
    environment: { RATCHET_LEARNING_KEY: 'sk-learning', ...settings.environment },
  });
  await scene.server.logged('ready');
  const traffic = scene.startTraffic();
  await traffic.forMs(400);
  return traffic;
}

const learning = async (): Promise<string> => (await scene.readiness()).checks['learning']?.detail ?? '';

async function untilLearning(state: RegExp): Promise<void> {
  for (const deadline = Date.now() + 15_000; !state.test(await learning()); await delay(50))
    if (Date.now() > deadline)
      throw new Error(`learning never was ${state.source}, but "${await learning()}"`);
}

const complaints = (): readonly unknown[] =>
  scene.server.log().filter(({ level }) => level === 'warn' || level === 'error');

/** Learning is nobody's business: nothing fails, the server is ready, and all feedback counts at once. */
async function expectUnharmed(traffic: Traffic): Promise<void> {
  expect((await scene.readiness()).status).toBe(200);
  await traffic.stop();
  expect(traffic.failures()).toEqual([]);
  expect(traffic.feedback().every(({ status }) => status === 200)).toBe(true);
  const { code, tookMs } = await scene.stop();
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(stopMsMax);
  expectCountedOnce(traffic.feedback(), scene.databasePath);
}

describe('learner and gate', () => {
  test('that die at their start, and again and again, disturb nobody, and are tried again later and later', async () => {
    const traffic = await start({ faults: ['learning.die'] });
    const faulty = await traffic.during(untilLearning(/after [2-9] deaths/));
    scene.lift('learning', 'die');
    await untilLearning(/runs again/);
    expectUndelayed('learning dies', await traffic.forMs(normalMs), faulty);
    expect(complaints().length).toBeLessThanOrEqual(3);
    await expectUnharmed(traffic);
  });

  test('that compute without end have a thread of their own to do it, and are ended at the stop', async () => {
    const traffic = await start();
    const normal = await traffic.forMs(normalMs);
    scene.inflict('learning', 'hang');
    expectUndelayed('learning computes without end', normal, await traffic.during(delay(2000)));
    await expectUnharmed(traffic);
    expect(complaints()).toMatchObject([{ event: 'worker-terminated', worker: 'learning' }]);
  });

  test('that run out of memory die alone, and start afresh', async () => {
    const traffic = await start();
    const normal = await traffic.forMs(normalMs);
    scene.inflict('learning', 'hoard');
    expectUndelayed('learning hoards', normal, await traffic.during(untilLearning(/after \d+ deaths/)));
    scene.lift('learning', 'hoard');
    await untilLearning(/runs again/);
    expect(complaints()).toMatchObject([
      { event: 'worker-failed', worker: 'learning', error: /memory limit/ },
      { event: 'worker-restarting', worker: 'learning' },
    ]);
    await expectUnharmed(traffic);
  });

  test('whose model never answers hold up neither traffic nor the stop', async () => {
    const asked = Promise.withResolvers<void>();
    silent = createServer(() => asked.resolve());
    const { port } = await new Promise<AddressInfo>((resolve) => {
      silent?.listen(0, '127.0.0.1', () => resolve(silent?.address() as AddressInfo));
    });
    const traffic = await start({
      environment: { RATCHET_LEARNING_UPSTREAM: `http://127.0.0.1:${port}/v1` },
    });
    // The first cycle finds nothing to learn from; that of the next server does.
    await traffic.forMs(1500);
    await traffic.stop();
    await scene.stop();
    await scene.restart();
    await asked.promise;
    const later = scene.startTraffic();
    await later.forMs(1500);
    await expectUnharmed(later);
  });
});
