import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Decision } from '../../domain/decision.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { sampleDecision } from '../samples.case.ts';
import { createDecisionLog, type DecisionLogSettings } from './decision-log.ts';

const gone = new RatchetError('store_unavailable', 'gone', { isRetryable: true });

/** A store that fails while told to, and refuses decisions whose id begins with `bad`. */
function fakeStore() {
  const batches: string[][] = [];
  const state = { isDown: false, attempts: 0 };
  const recordDecisions = async (decisions: readonly Decision[]): Promise<void> => {
    state.attempts += 1;
    const ids = decisions.map(({ decisionId }) => decisionId);
    if (state.isDown) throw gone;
    if (ids.some((id) => id.startsWith('bad'))) throw new RangeError('impossible propensity');
    batches.push(ids);
  };
  return { store: { recordDecisions }, batches, state };
}

function openLog(change: Partial<DecisionLogSettings> = {}) {
  const { store, batches, state } = fakeStore();
  const drops: [number, string][] = [];
  const log = createDecisionLog(store, {
    capacity: 10,
    batchMax: 4,
    intervalMs: 50,
    onDrop: (count, reason) => void drops.push([count, reason]),
    ...change,
  });
  const append = (...ids: readonly string[]): void => {
    for (const id of ids) log.append(sampleDecision(id));
  };
  return { log, append, batches, state, drops };
}

describe('createDecisionLog', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes what has come after the interval, in order', async () => {
    const { log, append, batches } = openLog();
    append('a', 'b');
    await vi.advanceTimersByTimeAsync(49);
    expect(batches).toEqual([]);
    expect(log.depth()).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([['a', 'b']]);
    expect(log.depth()).toBe(0);
  });

  it('writes at once when a batch is full', async () => {
    const { append, batches } = openLog();
    append('a', 'b', 'c', 'd', 'e');
    await vi.advanceTimersByTimeAsync(0);
    expect(batches).toEqual([['a', 'b', 'c', 'd']]);
    await vi.advanceTimersByTimeAsync(50);
    expect(batches).toEqual([['a', 'b', 'c', 'd'], ['e']]);
  });

  it('keeps a batch that fails for now, retries with growing pauses, and drops the oldest of the rest when full', async () => {
    const { log, append, batches, state, drops } = openLog();
    state.isDown = true;
    append('a', 'b', 'c', 'd');
    await vi.advanceTimersByTimeAsync(0);
    expect(state.attempts).toBe(1);
    append(...Array.from({ length: 12 }, (_, index) => `e${index}`));
    expect(log.depth()).toBe(14);
    expect(log.dropped()).toBe(2);
    expect(drops).toEqual([
      [1, 'full'],
      [1, 'full'],
    ]);
    await vi.advanceTimersByTimeAsync(10_000);
    const attempts = state.attempts;
    expect(attempts).toBeLessThan(12);
    state.isDown = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(batches.flat()).toEqual([
      'a',
      'b',
      'c',
      'd',
      ...Array.from({ length: 10 }, (_, index) => `e${index + 2}`),
    ]);
    expect(log.depth()).toBe(0);
  });

  it('holds no more text than it may while the store is gone, and hands it over in portions', async () => {
    const text = 'x'.repeat(1_000_000);
    const { log, batches, state, drops } = openLog({ capacity: 1000, batchMax: 500, bytesMax: 20_500_000 });
    state.isDown = true;
    const content = { request: { model: 'small-1', messages: [{ role: 'user', content: text }] }, slots: {} };
    const completion = { text: '', toolCalls: [], finishReason: 'stop', refusal: null };
    for (let index = 0; index < 30; index++)
      log.append(sampleDecision(`d${index}`, { content: { ...content, completion } }));
    expect(log.depth()).toBe(20);
    expect(drops).toEqual(Array.from({ length: 10 }, () => [1, 'full']));
    state.isDown = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(batches.flat()).toEqual(Array.from({ length: 20 }, (_, index) => `d${index + 10}`));
    expect(Math.max(...batches.map(({ length }) => length))).toBe(8);
  });

  it('records a decision with very much text without it', async () => {
    const written: Decision[] = [];
    const recordDecisions = async (decisions: readonly Decision[]): Promise<void> =>
      void written.push(...decisions);
    const log = createDecisionLog(
      { recordDecisions },
      { capacity: 9, batchMax: 9, intervalMs: 50, onDrop: () => {} },
    );
    const completion = { text: '', toolCalls: [], finishReason: 'stop', refusal: null };
    for (const length of [4_000_000, 5_000_000]) {
      const messages = [{ role: 'user', content: 'x'.repeat(length) }];
      const content = { request: { model: 'small-1', messages }, slots: {}, completion };
      log.append(sampleDecision(String(length), { content }));
    }
    await vi.advanceTimersByTimeAsync(50);
    expect(written.map(({ content }) => content === null)).toEqual([false, true]);
  });

  it('loses only what the store refuses', async () => {
    const { log, append, batches, drops } = openLog();
    append('a', 'bad', 'c', 'd');
    await vi.advanceTimersByTimeAsync(0);
    expect(batches.flat()).toEqual(['a', 'c', 'd']);
    expect(drops).toEqual([[1, 'refused']]);
    expect(log.dropped()).toBe(1);
  });

  it('goes on after a store that was gone comes back and refuses', async () => {
    const { append, batches, state } = openLog();
    state.isDown = true;
    append('bad');
    await vi.advanceTimersByTimeAsync(100);
    state.isDown = false;
    await vi.advanceTimersByTimeAsync(1000);
    append('a');
    await vi.advanceTimersByTimeAsync(50);
    expect(batches).toEqual([['a']]);
  });

  it('resolves a flush when all is stored', async () => {
    const { log, append, batches } = openLog();
    append('a', 'b');
    const flushed = log.flush();
    await vi.advanceTimersByTimeAsync(0);
    await flushed;
    expect(batches).toEqual([['a', 'b']]);
    await log.flush();
  });

  it('flushes through a short failure', async () => {
    const { log, append, batches, state } = openLog();
    state.isDown = true;
    append('a');
    const flushed = log.flush();
    await vi.advanceTimersByTimeAsync(200);
    state.isDown = false;
    await vi.advanceTimersByTimeAsync(200);
    await flushed;
    expect(batches).toEqual([['a']]);
  });

  it('gives up a flush at its deadline, says what is left, and does not throw', async () => {
    const { log, append, state } = openLog({ flushMsMax: 300 });
    state.isDown = true;
    append('a', 'b');
    const flushed = log.flush();
    await vi.advanceTimersByTimeAsync(300);
    await flushed;
    expect(log.depth()).toBe(2);
  });

  it('writes nothing after it was stopped', async () => {
    const { log, append, batches, state } = openLog();
    append('a');
    const stopped = log.stop();
    await vi.advanceTimersByTimeAsync(0);
    await stopped;
    append('b');
    await vi.advanceTimersByTimeAsync(1000);
    expect(batches).toEqual([['a']]);
    expect(state.attempts).toBe(1);
  });
});
