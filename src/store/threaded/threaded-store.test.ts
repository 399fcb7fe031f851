import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { fakeFold } from '../fake-fold.case.ts';
import { openSqliteStore } from '../kysely/sqlite-store.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../samples.case.ts';
import { storeMethods } from '../store-methods.ts';
import { describeStore } from '../store.case.ts';
import type { Store } from '../store.ts';
import { connectStore } from './connect-store.ts';
import { serveStore } from './serve-store.ts';
import { splitStore } from './split-store.ts';

const random = { next: () => 0.5 };
const clock = { now: () => startMs };
const memoryStore = (): Store => createMemoryStore({ fold: fakeFold, clock, random });
const connected = (served: Store, settings = {}): Store => {
  const { port1, port2 } = new MessageChannel();
  serveStore(served, port2);
  return connectStore(port1, settings);
};

describeStore('threaded store', async (settings) => ({
  store: connected(createMemoryStore({ fold: fakeFold, random, ...settings })),
  dispose: async () => {},
}));

describeStore('split store', async (settings) => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-split-'));
  const shared = { path: join(folder, 'ratchet.db'), fold: fakeFold, random, ...settings };
  const writer = await openSqliteStore({ ...shared, mode: 'writer' });
  const reads = await openSqliteStore({ ...shared, mode: 'reader' });
  return {
    store: splitStore({ reads, writes: connected(writer) }),
    dispose: async () => {
      await writer.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('a connection', () => {
  it('lists and offers every method of the store', () => {
    const { port1 } = new MessageChannel();
    const store = connectStore(port1);
    expect(Object.keys(store).toSorted()).toEqual(Object.keys(storeMethods).toSorted());
    expect(Object.keys(memoryStore()).toSorted()).toEqual(Object.keys(storeMethods).toSorted());
    port1.close();
  });

  it('carries errors with code, field and whether to try again', async () => {
    const failure = new RatchetError('invalid_feedback', 'no', { param: 'key' });
    const store = connected({ ...memoryStore(), recordFeedback: () => Promise.reject(failure) });
    await expect(store.recordFeedback([])).rejects.toMatchObject({
      name: 'RatchetError',
      code: 'invalid_feedback',
      param: 'key',
      message: 'no',
      isRetryable: false,
    });
    await store.close();
  });

  it('tells an unforeseen error as internal, which is not retryable', async () => {
    const store = connected({ ...memoryStore(), ping: () => Promise.reject(new TypeError('bug')) });
    await expect(store.ping()).rejects.toMatchObject({
      code: 'internal',
      isRetryable: false,
      message: 'bug',
    });
    await store.close();
  });

  it('tells of an answer that cannot cross, and works on', async () => {
    const unsendable = { task: () => 'a function' };
    const memory = memoryStore();
    // oxlint-disable-next-line typescript/no-explicit-any
    const store = connected({ ...memory, saveBaseline: async () => unsendable as any });
    const baseline = sampleTask().baseline;
    await expect(store.saveBaseline('triage', baseline)).rejects.toMatchObject({ code: 'internal' });
    expect(await store.registerTask(sampleTask())).toEqual(sampleTask());
    await store.close();
  });

  it('gives up on a call at its deadline, and works on', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const store = connected({ ...memoryStore(), ping: () => promise }, { deadlineMs: 20 });
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable', isRetryable: true });
    resolve();
    expect(await store.readTask('nowhere')).toBeUndefined();
    await store.close();
  });

  it('refuses at once what a store that hangs would be asked, but for a few, and serves on when it answers again', async () => {
    const { port1, port2 } = new MessageChannel();
    const sent: unknown[] = [];
    port2.on('message', (request) => sent.push(request));
    const store = connectStore(port1, { deadlineMs: 100 });
    await expect(store.ping()).rejects.toMatchObject({ message: /did not answer within 100 ms/ });
    const startedAt = performance.now();
    const outcomes: string[] = [];
    while (performance.now() - startedAt < 200)
      await Promise.race([store.ping().catch((error: Error) => outcomes.push(error.message)), delay(2)]);
    expect(outcomes.filter((message) => message === 'the store does not answer').length).toBeGreaterThan(20);
    expect(sent.length).toBeLessThan(15);
    port2.removeAllListeners('message');
    serveStore(memoryStore(), port2);
    await store.ping().catch(() => {});
    port2.postMessage({ id: 1, kind: 'value', value: undefined });
    await delay(5);
    await store.ping();
    await store.close();
  });

  it('is not put off by one slow call while others are answered', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const store = connected({ ...memoryStore(), ping: () => promise }, { deadlineMs: 30 });
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    for (let index = 0; index < 50; index++) {
      await store.readTask('nowhere');
      await delay(1);
    }
    resolve();
    await store.close();
  });

  it('rejects what waits, and all that comes later, when the other end goes away', async () => {
    const { port1, port2 } = new MessageChannel();
    serveStore({ ...memoryStore(), ping: () => new Promise(() => {}) }, port2);
    const store = connectStore(port1);
    const waiting = expect(store.ping()).rejects.toMatchObject({
      code: 'store_unavailable',
      isRetryable: true,
    });
    await delay(5);
    port2.close();
    await waiting;
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable', isRetryable: true });
  });

  it('refuses a call beyond the number that may wait', async () => {
    const { port1, port2 } = new MessageChannel();
    const store = connectStore(port1);
    const waiting = Array.from({ length: 10_000 }, () => store.ping().catch(() => 'ended'));
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable', message: /too many/ });
    port2.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['ended']));
  });

  it('serves feedback ahead of decisions that came first, and reads ahead of all writes', async () => {
    const order: string[] = [];
    const memory = memoryStore();
    await memory.registerTask(sampleTask());
    const noted =
      <Parameters extends readonly unknown[], Result>(
        name: string,
        run: (...parameters: Parameters) => Promise<Result>,
      ) =>
      async (...parameters: Parameters): Promise<Result> => {
        order.push(name);
        await delay(2);
        return run(...parameters);
      };
    const store = connected({
      ...memory,
      recordDecisions: noted('decisions', memory.recordDecisions),
      recordFeedback: noted('feedback', memory.recordFeedback),
      readTask: noted('read', memory.readTask),
    });
    const decision = sampleDecision('d1');
    const calls = [
      ...[1, 2, 3].map(() => store.recordDecisions([decision])),
      store.recordFeedback([sampleFeedback(decision, { value: 1 })]),
      store.readTask('triage'),
    ];
    await Promise.all(calls);
    expect(order.indexOf('read')).toBeLessThanOrEqual(1);
    expect(order.indexOf('feedback')).toBeLessThanOrEqual(2);
    expect(order.slice(-2)).toEqual(['decisions', 'decisions']);
    await store.close();
  });

  it('leaves the store to its owner when it ends', async () => {
    const memory = memoryStore();
    let closed = 0;
    const store = connected({ ...memory, close: async () => void (closed += 1) });
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(closed).toBe(0);
  });
});
