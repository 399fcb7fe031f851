import { describe, expect, test, vi } from 'vitest';
import { errorAnswer } from './feedback-server.case.ts';
import { ids, refusalOf, settledOutcome, start, unavailable } from './running-ratchet.case.ts';

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
