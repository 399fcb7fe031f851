import { describe, expect, test } from 'vitest';
import { createRatchet } from './create-ratchet.ts';
import { createFeedbackServer } from './feedback-server.case.ts';
import { createManualPlatform } from './manual-platform.case.ts';
import { baseURL, ids, start } from './running-ratchet.case.ts';

describe('feedback is sent', () => {
  test('in one list, so many milliseconds after the first', async () => {
    const { ratchet, server, platform } = start();
    const receipts = Promise.all(ids(3).map((id) => ratchet.feedback({ id, score: 1 })));
    await platform.pass(99);
    expect(server.lists).toEqual([]);
    await platform.pass(1);
    expect(server.lists.map((list) => list.map(({ id }) => id))).toEqual([ids(3)]);
    expect(await receipts).toEqual(
      ids(3).map((id) => ({ feedbackId: `feedback-${id}`, outcome: 'counted' })),
    );
    expect(platform.timers()).toBe(0);
  });

  test('at once when a list is full', async () => {
    const { ratchet, server, platform } = start();
    for (const id of ids(2_500)) void ratchet.feedback({ id, score: 1 });
    await platform.pass(0);
    expect(server.lists.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
    expect(server.lists.flat().map(({ id }) => id)).toEqual(ids(2_500));
  });

  test('in lists that the server is not too small for', async () => {
    const { ratchet, server } = start();
    for (const id of ids(9)) void ratchet.feedback({ id, expected: '€'.repeat(200_000) });
    await ratchet.flush();
    expect(server.lists.map(({ length }) => length)).toEqual([4, 4, 1]);
  });

  test.each([
    ['http://ratchet.test/v1', undefined, null],
    ['http://ratchet.test/v1/', 'a key', 'Bearer a key'],
  ])('to %s with the key %s', async (url, apiKey, authorization) => {
    const { ratchet, server } = start(undefined, { baseURL: url, apiKey });
    void ratchet.feedback({ id: 'd1', score: 1 });
    await ratchet.flush();
    const [request] = server.requests;
    expect(request?.url).toBe('http://ratchet.test/v1/feedback');
    expect(request?.headers.get('authorization')).toBe(authorization);
  });

  test('with every member that it has, as it was when it was given', async () => {
    const { ratchet, server, platform } = start();
    const tags = { user: 'u1' };
    const feedback = {
      id: 'd1',
      metric: 'resolved',
      value: true,
      comment: 'why',
      expected: 'x',
      tags,
      key: 'k',
    };
    void ratchet.feedback(feedback);
    tags.user = 'u2';
    await ratchet.flush();
    expect(platform.timers()).toBe(0);
    expect(server.lists).toEqual([[{ ...feedback, tags: { user: 'u1' } }]]);
  });
});

describe('keys', () => {
  test('are new for each call, and differ between clients', async () => {
    const server = createFeedbackServer();
    const platform = createManualPlatform();
    const clients = [1, 2].map(() => createRatchet({ baseURL, fetch: server.fetch }, platform));
    for (const client of clients) for (const id of ids(50)) void client.feedback({ id, score: 1 });
    await Promise.all(clients.map(async (client) => client.close()));
    expect(server.taken.size).toBe(100);
  });
});

test.each([
  { batchMax: 0 },
  { batchMax: 1_001 },
  { queueMax: 0 },
  { attemptsMax: 0 },
  { delayMs: -1 },
  { timeoutMs: Number.NaN },
])('%j is outside its range', (settings) => {
  expect(() => createRatchet({ baseURL, ...settings })).toThrow(RangeError);
});

test('a base URL that is none is an error at once', () => {
  expect(() => createRatchet({ baseURL: 'ratchet' })).toThrow(TypeError);
});
