import { describe, expect, test, vi } from 'vitest';
import { RatchetClientError } from './client-error.ts';
import { createRatchet, type Ratchet, type RatchetSettings } from './create-ratchet.ts';
import {
  createFeedbackServer,
  errorAnswer,
  type FeedbackServer,
  type Treatment,
} from './feedback-server.case.ts';
import type { Feedback } from './feedback.ts';
import { createManualPlatform, type ManualPlatform } from './manual-platform.case.ts';

const baseURL = 'http://ratchet.test/v1';

interface Running {
  readonly ratchet: Ratchet;
  readonly server: FeedbackServer;
  readonly platform: ManualPlatform;
  /** Code and id of each feedback that was given up on. */
  readonly given: readonly (readonly [code: string, id: string])[];
}

function start(treat?: Treatment, settings: Partial<RatchetSettings> = {}): Running {
  const server = createFeedbackServer(treat);
  const platform = createManualPlatform();
  const given: [string, string][] = [];
  const onError = ({ code }: RatchetClientError, { id }: Feedback): void => void given.push([code, id]);
  const ratchet = createRatchet({ baseURL, fetch: server.fetch, onError, ...settings }, platform);
  return { ratchet, server, platform, given };
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `d${index + 1}`);
const unavailable = (): Response =>
  errorAnswer(503, 'store_unavailable', { headers: { 'retry-after': '1' } });
const refusalOf = async (promise: Promise<unknown>): Promise<RatchetClientError> => {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof RatchetClientError)) throw new Error('nothing was refused', { cause: error });
  return error;
};

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

describe('a list that fails', () => {
  test('goes again with the same keys after growing waits, and counts once', async () => {
    const { ratchet, server, platform } = start((_, count) => (count <= 3 ? 'lost' : undefined));
    const receipt = ratchet.feedback({ id: 'd1', score: 1 });
    await platform.pass(100);
    expect(server.lists).toHaveLength(1);
    await platform.pass(500);
    expect(server.lists).toHaveLength(2);
    await platform.pass(1_000);
    expect(server.lists).toHaveLength(3);
    await platform.pass(2_000);
    expect(await receipt).toEqual({ feedbackId: 'feedback-d1', outcome: 'duplicate' });
    expect(new Set(server.lists.flat().map(({ key }) => key)).size).toBe(1);
    expect(server.taken.size).toBe(1);
  });

  test('waits as long as the server asks', async () => {
    const { ratchet, server, platform } = start((_, count) =>
      count === 1 ? errorAnswer(429, 'rate_limit_exceeded', { headers: { 'retry-after': '7' } }) : undefined,
    );
    void ratchet.feedback({ id: 'd1', score: 1 });
    await platform.pass(100 + 6_999);
    expect(server.lists).toHaveLength(1);
    await platform.pass(1);
    expect(server.lists).toHaveLength(2);
  });

  test.each([408, 425, 429, 500, 502, 503, 504])('goes again after status %i', async (status) => {
    const { ratchet, platform } = start((_, count) =>
      count === 1 ? new Response('<html>', { status }) : undefined,
    );
    const receipt = ratchet.feedback({ id: 'd1', score: 1 });
    void ratchet.flush();
    await platform.pass(1_000);
    expect(await receipt).toMatchObject({ outcome: 'counted' });
    expect(platform.timers()).toBe(0);
  });

  test('goes again when nobody answers in time', async () => {
    let asked = 0;
    const server = createFeedbackServer();
    const { ratchet, platform } = start(undefined, {
      timeoutMs: 5_000,
      attemptsMax: 2,
      fetch: async (input, init) => {
        asked += 1;
        if (asked > 1) return server.fetch(input, init);
        const { promise, reject } = Promise.withResolvers<Response>();
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
        return promise;
      },
    });
    const receipt = ratchet.feedback({ id: 'd1', score: 1 });
    await platform.pass(100 + 5_000);
    expect(asked).toBe(1);
    await platform.pass(500);
    expect(await receipt).toMatchObject({ outcome: 'counted' });
  });

  test('is given up after so many attempts, and told', async () => {
    const { ratchet, server, platform, given } = start(unavailable, { attemptsMax: 4 });
    const refusals = Promise.all(ids(2).map((id) => refusalOf(ratchet.feedback({ id, score: 1 }))));
    await platform.pass(60_000);
    expect(await refusals).toMatchObject(
      ids(2).map(() => ({ code: 'store_unavailable', status: 503, isRetryable: true })),
    );
    expect(server.lists).toHaveLength(4);
    expect(given).toEqual(ids(2).map((id) => ['store_unavailable', id]));
  });

  test('does not overtake: what was given later arrives later', async () => {
    const { ratchet, server, platform } = start((_, count) => (count === 1 ? 'lost' : undefined));
    void ratchet.feedback({ id: 'd1', score: 0.2 });
    await platform.pass(100);
    void ratchet.feedback({ id: 'd1', score: 0.9 });
    void ratchet.flush();
    await platform.pass(10_000);
    expect(server.lists.map((list) => list.map(({ score }) => score))).toEqual([[0.2], [0.2], [0.9]]);
  });
});

describe('a list that is refused', () => {
  test('for some of it goes again without them; each is told its own fault', async () => {
    const bad = ['d2', 'd5'];
    const { ratchet, server, given } = start((list) => {
      const index = list.findIndex(({ id }) => bad.includes(id));
      return index === -1 ? undefined : errorAnswer(422, 'invalid_feedback', { param: `[${index}].value` });
    });
    const results = ids(6).map((id) => ratchet.feedback({ id, score: 7 }));
    await ratchet.flush();
    const settled = await Promise.allSettled(results);
    expect(settled.map(({ status }) => status === 'fulfilled')).toEqual(
      ids(6).map((id) => !bad.includes(id)),
    );
    expect(await refusalOf(results[4]!)).toMatchObject({
      code: 'invalid_feedback',
      message: 'value: is wrong',
      param: 'value',
      status: 422,
      isRetryable: false,
    });
    expect([...server.taken.values()].map(({ id }) => id)).toEqual(['d1', 'd3', 'd4', 'd6']);
    expect(given).toEqual(bad.map((id) => ['invalid_feedback', id]));
  });

  test('as a whole is given up at once', async () => {
    const { ratchet, server, given } = start(() => errorAnswer(401, 'unauthorized'));
    const refusal = refusalOf(ratchet.feedback({ id: 'd1', score: 1 }));
    await ratchet.flush();
    expect(await refusal).toMatchObject({ code: 'unauthorized', status: 401, isRetryable: false });
    expect(server.lists).toHaveLength(1);
    expect(given).toEqual([['unauthorized', 'd1']]);
  });

  test('as too large goes in halves', async () => {
    const { ratchet, server, given } = start((list) =>
      list.length > 2 || list.some(({ id }) => id === 'd4')
        ? new Response('too large', { status: 413 })
        : undefined,
    );
    for (const id of ids(7)) void ratchet.feedback({ id, score: 1 });
    await ratchet.flush();
    expect([...server.taken.values()].map(({ id }) => id)).toEqual(['d1', 'd2', 'd3', 'd5', 'd6', 'd7']);
    expect(given).toEqual([['unexpected_answer', 'd4']]);
  });

  test.each([
    ['a page', () => new Response('<html>hello</html>')],
    ['an answer of something else', () => Response.json({ results: [{ id: 1 }] })],
    ['too few receipts', () => Response.json({ results: [] })],
    ['an index beyond it', () => errorAnswer(422, 'invalid_feedback', { param: '[9].value' })],
    ['an error of something else', () => Response.json({ error: 'no' }, { status: 404 })],
  ])('with %s is given up', async (_, answer) => {
    const { ratchet, server } = start(answer);
    const refusal = refusalOf(ratchet.feedback({ id: 'd1', score: 1 }));
    await ratchet.flush();
    expect((await refusal).isRetryable).toBe(false);
    expect(server.lists).toHaveLength(1);
  });
});

describe('nothing is lost silently', () => {
  test('beyond its bound the queue refuses, and takes again when there is room', async () => {
    const { ratchet, server, platform, given } = start(undefined, { queueMax: 3 });
    for (const id of ids(5)) void ratchet.feedback({ id, score: 1 });
    await platform.pass(0);
    expect(given).toEqual([
      ['queue_full', 'd4'],
      ['queue_full', 'd5'],
    ]);
    await ratchet.flush();
    expect(await settledOutcome(ratchet, { id: 'd6', score: 1 })).toBe('counted');
    expect(server.taken.size).toBe(4);
  });

  test('the queue is bounded in what it holds, too', async () => {
    const { ratchet, given } = start();
    const expected = 'x'.repeat(200_000);
    for (const id of ids(251)) void ratchet.feedback({ id, expected });
    await ratchet.flush();
    expect(new Set(given.map(([code]) => code))).toEqual(new Set(['queue_full']));
    expect(given.at(-1)).toEqual(['queue_full', 'd251']);
    expect(await settledOutcome(ratchet, { id: 'd252', expected })).toBe('counted');
  });

  test('close sends what waits, however often that fails, and takes nothing more', async () => {
    const { ratchet, server, platform, given } = start((_, count) =>
      count <= 2 ? unavailable() : undefined,
    );
    for (const id of ids(5)) void ratchet.feedback({ id, score: 1 });
    const closed = ratchet.close();
    expect((await refusalOf(ratchet.feedback({ id: 'late', score: 1 }))).code).toBe('closed');
    await platform.pass(10_000);
    await closed;
    expect([...server.taken.values()].map(({ id }) => id)).toEqual(ids(5));
    expect(given).toEqual([['closed', 'late']]);
  });

  test('flush waits for what is under way, too', async () => {
    const { ratchet, server, platform } = start((_, count) => (count === 1 ? 'lost' : undefined));
    void ratchet.feedback({ id: 'd1', score: 1 });
    await platform.pass(100);
    void ratchet.feedback({ id: 'd2', score: 1 });
    let isFlushed = false;
    const flushed = ratchet.flush().then(() => (isFlushed = true));
    await platform.pass(0);
    expect(isFlushed).toBe(false);
    await platform.pass(1_000);
    await flushed;
    expect(server.taken.size).toBe(2);
  });

  test('what nobody awaits does not become an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { ratchet, given } = start(() => errorAnswer(401, 'unauthorized'));
    void ratchet.feedback({ id: 'd1', score: 1 });
    await ratchet.flush();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(given).toHaveLength(1);
  });

  test('what cannot be written as JSON is refused alone', async () => {
    const { ratchet, server, given } = start();
    const tags: Record<string, unknown> = {};
    tags['self'] = tags;
    void ratchet.feedback({ id: 'd1', score: 1, tags: tags as Record<string, string> });
    void ratchet.feedback({ id: 'd2', score: 1 });
    await ratchet.flush();
    expect(given).toEqual([['not_json', 'd1']]);
    expect(server.taken.size).toBe(1);
  });

  test('an onError that throws stops nothing, and is told', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const onError = (): never => {
      throw new Error('in onError');
    };
    const { ratchet, server } = start(
      (list) =>
        list[0]?.id === 'd1' ? errorAnswer(404, 'unknown_decision', { param: '[0].id' }) : undefined,
      { onError },
    );
    for (const id of ids(2)) void ratchet.feedback({ id, score: 1 });
    await ratchet.flush();
    expect(server.taken.size).toBe(1);
    expect(warn).toHaveBeenCalledWith('ratchet: onError threw', expect.any(Error));
    warn.mockRestore();
  });

  test('without onError a line tells why, and nothing of the content', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { ratchet } = start(() => errorAnswer(401, 'unauthorized'), { onError: undefined });
    void ratchet.feedback({ id: 'd1', score: 1, comment: 'secret' });
    await ratchet.flush();
    expect(warn.mock.calls).toEqual([['ratchet: feedback was given up on: unauthorized: is wrong']]);
    warn.mockRestore();
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

async function settledOutcome(ratchet: Ratchet, feedback: Feedback): Promise<string> {
  const receipt = ratchet.feedback(feedback);
  await ratchet.flush();
  return (await receipt).outcome;
}
