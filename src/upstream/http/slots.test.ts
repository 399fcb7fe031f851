import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSlots, type SlotTaker } from './slots.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function takers(told: string[]): (name: string) => SlotTaker {
  return (name) => ({ onSlot: () => told.push(`${name} in`), onNoSlot: () => told.push(`${name} out`) });
}

describe('a bounded number is at work', () => {
  const config = { max: 2, queueMax: 2, queueTimeoutMs: 1_000 };

  test('others wait in the order in which they came, and too many not at all', () => {
    const told: string[] = [];
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(takers(told)) as [
      SlotTaker,
      SlotTaker,
      SlotTaker,
      SlotTaker,
      SlotTaker,
    ];
    const slots = createSlots(config);
    for (const taker of [a, b, c, d, e]) slots.enter(taker);
    expect(told).toEqual(['a in', 'b in', 'e out']);
    slots.leave(b);
    slots.leave(b);
    expect(told.slice(3)).toEqual(['c in']);
    slots.leave(a);
    slots.leave(c);
    slots.leave(d);
    expect(told.slice(4)).toEqual(['d in']);
    slots.enter(e);
    expect(told.at(-1)).toBe('e in');
  });

  test('nobody waits longer than the timeout', () => {
    const told: string[] = [];
    const make = takers(told);
    const slots = createSlots({ ...config, max: 1 });
    const [first, second] = [make('first'), make('second')];
    slots.enter(first);
    slots.enter(second);
    vi.advanceTimersByTime(999);
    expect(told).toEqual(['first in']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['first in', 'second out']);
    slots.leave(first);
    expect(told).toHaveLength(2);
  });

  test('who goes away frees its place in the queue, and is told nothing', () => {
    const told: string[] = [];
    const make = takers(told);
    const slots = createSlots({ max: 1, queueMax: 1, queueTimeoutMs: 1_000 });
    const [working, gone, next] = [make('working'), make('gone'), make('next')];
    slots.enter(working);
    slots.enter(gone);
    slots.leave(gone);
    slots.enter(next);
    slots.leave(working);
    expect(told).toEqual(['working in', 'next in']);
    slots.leave(next);
  });

  test('a taker that leaves as it is let in lets in the next one', () => {
    const told: string[] = [];
    const slots = createSlots({ max: 1, queueMax: 5, queueTimeoutMs: 1_000 });
    const working = takers(told)('working');
    slots.enter(working);
    for (const name of ['x', 'y', 'z']) {
      const hasty: SlotTaker = {
        onSlot: () => {
          told.push(name);
          slots.leave(hasty);
        },
        onNoSlot: () => {},
      };
      slots.enter(hasty);
    }
    slots.leave(working);
    expect(told).toEqual(['working in', 'x', 'y', 'z']);
  });
});
