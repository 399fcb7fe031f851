import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { echoOf, streamHead, streamTail } from './support/faults/echo-upstream.ts';
import { expectCountedOnce } from './support/faults/evidence.ts';
import { setScene, type Scene } from './support/faults/scene.ts';
import { promptOf } from './support/faults/traffic.ts';

/** What a server may take beyond what it took before, bytes. */
const memoryAddedMax = 700_000_000;

let scene: Scene;
afterEach(async () => scene.end());

function bodyOf(message: string, stream = false): string {
  return JSON.stringify({
    model: 'echo-1',
    stream,
    messages: [
      { role: 'system', content: promptOf('triage') },
      { role: 'user', content: message },
    ],
  });
}

async function post(body: string | Buffer, dispatcher?: Dispatcher): Promise<Dispatcher.ResponseData> {
  return request(`${scene.server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-ratchet-task': 'triage' },
    body,
    ...(dispatcher === undefined ? {} : { dispatcher }),
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  });
}

test('one request of 32 MB keeps the others from nothing', async () => {
  scene = await setScene();
  await scene.server.logged('ready');
  const traffic = scene.startTraffic();
  await traffic.forMs(1000);
  const normal = await traffic.forMs(1000);
  // One that is just read and routed, and one that is too long for that.
  const bodies = [33_000_000, 34_000_000].map((size) => Buffer.from(bodyOf('x'.repeat(size))));
  const giants = async (): Promise<void> => {
    for (const giant of bodies) {
      const { statusCode, body } = await post(giant);
      expect(statusCode).toBe(200);
      expect(await body.text()).toBe(echoOf(String(giant.length)));
      await delay(500);
    }
  };
  await traffic.forMs(300);
  const during = await traffic.during(giants());
  console.log(
    `giant requests: max ${during.through.max.toFixed(0)} (${during.bare.max.toFixed(0)}) ms; before ${normal.through.max.toFixed(0)} (${normal.bare.max.toFixed(0)}) ms; memory ${(scene.memoryBytes() / 1e6).toFixed(0)} MB`,
  );
  expect(during.through.max).toBeLessThan(1000 + 3 * during.bare.max);
  await traffic.stop();
  expect(traffic.failures()).toEqual([]);
  expect((await scene.stop()).code).toBe(0);
  expectCountedOnce(traffic.feedback(), scene.databasePath);
});

test('10,000 requests at once are all answered, in bounded memory', async () => {
  scene = await setScene();
  await scene.server.logged('ready');
  await (await post(bodyOf('warm'))).body.text();
  const before = scene.memoryBytes();
  const agent = new Agent({ connections: 500, pipelining: 1 });
  let wrong = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: 10_000 }, async (_, index) => {
      const { statusCode, body } = await post(bodyOf(`small ${index}`), agent);
      if (statusCode !== 200 || (await body.text()) !== echoOf(`small ${index}`)) wrong += 1;
    }),
  );
  const added = scene.memoryBytes() - before;
  console.log(
    `10,000 requests at once: ${((performance.now() - startedAt) / 1000).toFixed(1)} s, memory +${(added / 1e6).toFixed(0)} MB`,
  );
  await agent.close();
  expect(wrong).toBe(0);
  expect(added).toBeLessThan(memoryAddedMax);
  expect((await scene.stop()).code).toBe(0);
});

test('1,000 open streams leave the others their speed, and are drained at the stop', async () => {
  scene = await setScene();
  await scene.server.logged('ready');
  const traffic = scene.startTraffic();
  await traffic.forMs(1000);
  const normal = await traffic.forMs(1000);
  const before = scene.memoryBytes();
  const agent = new Agent({ connections: 1000, pipelining: 1 });
  const streams = Array.from({ length: 1000 }, async (_, index) => {
    const { statusCode, body } = await post(bodyOf(`stream ${index}`, true), agent);
    return statusCode === 200 ? body.text() : `status ${statusCode}`;
  });
  for (const deadline = Date.now() + 20_000; scene.upstream.openStreams() < 1000; await delay(20))
    if (Date.now() > deadline) throw new Error(`only ${scene.upstream.openStreams()} streams are open`);
  const during = await traffic.forMs(1500);
  const added = scene.memoryBytes() - before;
  console.log(
    `1,000 open streams: p50 ${during.through.p50.toFixed(1)} (${during.bare.p50.toFixed(1)}) ms, before ${normal.through.p50.toFixed(1)} (${normal.bare.p50.toFixed(1)}) ms; memory +${(added / 1e6).toFixed(0)} MB`,
  );
  expect(during.through.p50).toBeLessThan(
    normal.through.p50 * Math.max(1, during.bare.p50 / normal.bare.p50) + 5,
  );
  expect(added).toBeLessThan(memoryAddedMax / 2);
  await traffic.stop();
  const stopped = scene.stop();
  await delay(100);
  scene.upstream.endStreams();
  expect(new Set(await Promise.all(streams))).toEqual(new Set([streamHead + streamTail]));
  await agent.close();
  expect((await stopped).code).toBe(0);
  expectCountedOnce(traffic.feedback(), scene.databasePath);
});
