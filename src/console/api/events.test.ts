import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApiWorld, operatorToken, plantHistory, type ApiWorld } from './api-world.case.ts';
import { createChangeFeed } from './change-feed.ts';

interface Stream {
  /** The next event that is no comment. */
  readonly next: () => Promise<Readonly<Record<string, string>>>;
  readonly isEnded: () => Promise<boolean>;
  readonly cancel: () => Promise<void>;
}

let world: ApiWorld;
let stopping: AbortController;
const open: Stream[] = [];

beforeEach(async () => {
  stopping = new AbortController();
  world = createApiWorld({ stopping: stopping.signal });
  await plantHistory(world.store);
});
afterEach(async () => {
  for (const stream of open.splice(0)) await stream.cancel();
});

async function listen(headers: Record<string, string> = {}, query = ''): Promise<Stream> {
  const response = await world.request(`/api/events${query}`, { headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('no body');
  const decoder = new TextDecoder();
  let text = '';
  const stream: Stream = {
    next: async () => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end === -1) {
          const { done, value } = await reader.read();
          if (done) throw new Error('the stream has ended');
          text += decoder.decode(value);
          continue;
        }
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        if (lines.every((line) => line.startsWith(':'))) continue;
        return Object.fromEntries(
          lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
      }
    },
    isEnded: async () => (await reader.read()).done,
    cancel: async () => reader.cancel(),
  };
  open.push(stream);
  return stream;
}

describe('the stream of changes', () => {
  test('begins with the newest place, then has what is committed', async () => {
    const newest = await world.store.newestChange();
    const stream = await listen();
    expect(await stream.next()).toMatchObject({ event: 'ready', id: String(newest), retry: '2000' });
    await world.post('/api/tasks/triage/pin', { variantId: 'baseline' });
    const event = await stream.next();
    expect(event).toMatchObject({ event: 'plan-changed', id: String(newest + 1 + 1) });
    expect(JSON.parse(event['data'] ?? '')).toMatchObject({
      version: 3,
      cause: { kind: 'pinned', by: 'ada' },
    });
    expect(await stream.next()).toMatchObject({ event: 'person-acted' });
  });

  test('goes on after the last event that a client has seen', async () => {
    const before = await world.store.newestChange();
    await world.post('/api/tasks/triage/pause', {});
    await world.post('/api/tasks/triage/resume', {});
    const stream = await listen({ 'last-event-id': String(before) });
    expect(await stream.next()).toMatchObject({ event: 'ready', id: String(before) });
    const first = await stream.next();
    const second = await stream.next();
    expect([first, second].map(({ data = '' }) => JSON.parse(data) as object)).toMatchObject([
      { kind: 'person-acted', entry: { action: 'pause' } },
      { kind: 'person-acted', entry: { action: 'resume' } },
    ]);
    expect(Number(second['id'])).toBeGreaterThan(Number(first['id']));
  });

  test.each(['999999', '-1', 'nonsense', '9'.repeat(30)])(
    'begins at the newest place for one that was never given: %s',
    async (id) => {
      const stream = await listen({ 'last-event-id': id });
      expect(await stream.next()).toMatchObject({ id: String(await world.store.newestChange()) });
    },
  );

  test('can be of one task alone', async () => {
    const stream = await listen({ 'last-event-id': '0' }, '?task=elsewhere');
    await stream.next();
    await world.post('/api/tasks/triage/pause', {});
    stopping.abort();
    expect(await stream.isEnded()).toBe(true);
  });

  test('holds no text that could end an event', async () => {
    const stream = await listen();
    await stream.next();
    await world.post('/api/tasks/triage/pause', { reason: 'one\n\nevent: plan-changed\ndata: {}' });
    const event = await stream.next();
    expect(event['event']).toBe('person-acted');
    expect(JSON.parse(event['data'] ?? '')).toMatchObject({
      entry: { reason: 'one\n\nevent: plan-changed\ndata: {}' },
    });
  });

  test('outlives a store that cannot be reached for a while', async () => {
    let isDown = false;
    const { store } = world;
    const fail = (): Promise<never> => Promise.reject(new Error('down'));
    world = createApiWorld({
      stopping: stopping.signal,
      store: {
        ...store,
        readChanges: (query) => (isDown ? fail() : store.readChanges(query)),
        newestChange: () => (isDown ? fail() : store.newestChange()),
      },
    });
    const stream = await listen();
    await stream.next();
    isDown = true;
    await world.post('/api/tasks/triage/pause', {});
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    isDown = false;
    expect(await stream.next()).toMatchObject({ event: 'person-acted' });
  });

  test('ends when the server stops', async () => {
    const stream = await listen();
    await stream.next();
    stopping.abort();
    expect(await stream.isEnded()).toBe(true);
  });

  test('is given to a bounded number of clients, and again when one has left', async () => {
    const streams = await Promise.all(Array.from({ length: 100 }, () => listen()));
    expect(await world.get('/api/events')).toMatchObject({
      status: 429,
      body: { code: 'rate_limit_exceeded' },
    });
    await streams[0]?.cancel();
    await vi.waitFor(async () => {
      const response = await world.request('/api/events', {
        headers: { authorization: `Bearer ${operatorToken.secret}` },
      });
      await response.body?.cancel();
      expect(response.status).toBe(200);
    });
  });
});

describe('the feed', () => {
  test('says that it lives when nothing changes, and looks only while somebody waits', async () => {
    let looks = 0;
    const feed = createChangeFeed(
      { newestChange: async () => (looks++, 7) },
      new AbortController().signal,
      5,
    );
    const { signal } = new AbortController();
    expect(await feed.next(signal, 1000)).toBe('changed');
    expect(await feed.next(signal, 40)).toBe('idle');
    const before = looks;
    await new Promise((resolve) => {
      setTimeout(resolve, 40);
    });
    expect(looks - before).toBeLessThanOrEqual(1);
  });

  test('ends for whoever is gone', async () => {
    const gone = new AbortController();
    const feed = createChangeFeed({ newestChange: async () => 7 }, new AbortController().signal, 1000);
    const waiting = feed.next(gone.signal, 60_000);
    gone.abort();
    expect(await waiting).toBe('ended');
    expect(await feed.next(gone.signal, 60_000)).toBe('ended');
  });
});
