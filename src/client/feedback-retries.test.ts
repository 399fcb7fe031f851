import { describe, expect, test } from 'vitest';
import { createFeedbackServer, errorAnswer } from './feedback-server.case.ts';
import { ids, refusalOf, start, unavailable } from './running-ratchet.case.ts';

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
