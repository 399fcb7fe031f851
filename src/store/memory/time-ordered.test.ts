import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeOrdered } from './time-ordered.ts';

interface Item {
  readonly atMs: number;
  readonly id: string;
}

const items = fc.array(fc.record({ atMs: fc.integer({ min: 0, max: 30 }), id: fc.uuid() }), {
  maxLength: 60,
});
const order = (one: Item, other: Item): number =>
  one.atMs - other.atMs || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
const listOf = (inserted: readonly Item[]) => {
  const list = createTimeOrdered<Item>({ atMs: ({ atMs }) => atMs, id: ({ id }) => id });
  for (const item of inserted) list.insert(item);
  return list;
};

describe('createTimeOrdered', () => {
  it('gives any range in either order, whatever the order of insertion', () => {
    fc.assert(
      fc.property(
        items,
        fc.integer({ min: -1, max: 31 }),
        fc.integer({ min: -1, max: 31 }),
        (all, after, until) => {
          const list = listOf(all);
          const expected = all.filter(({ atMs }) => atMs > after && atMs <= until).toSorted(order);
          expect([...list.oldestFirst(after, until)]).toEqual(expected);
          expect([...list.newestFirst(after, until)]).toEqual(expected.toReversed());
        },
      ),
    );
  });

  it('lets the oldest go, a limited number at a time, and keeps the rest', () => {
    fc.assert(
      fc.property(
        items,
        fc.integer({ min: 0, max: 31 }),
        fc.integer({ min: 0, max: 60 }),
        (all, moment, limit) => {
          const list = listOf(all);
          const sorted = all.toSorted(order);
          const gone = sorted.filter(({ atMs }) => atMs < moment).slice(0, limit);
          expect(list.takeBefore(moment, limit)).toEqual(gone);
          expect([...list.oldestFirst(-1, 31)]).toEqual(sorted.slice(gone.length));
          list.insert({ atMs: 0, id: 'late' });
          expect([...list.oldestFirst(-1, 31)]).toContainEqual({ atMs: 0, id: 'late' });
        },
      ),
    );
  });

  it('stays the same list when most of it has gone', () => {
    const all = Array.from({ length: 5000 }, (_, atMs) => ({ atMs, id: String(atMs) }));
    const list = listOf(all);
    for (let moment = 0; moment < 4000; moment += 7) list.takeBefore(moment, 10);
    expect([...list.newestFirst(-1, 5000)]).toHaveLength(5000 - 3997);
    expect(list.oldestFirst(-1, 5000).next().value).toEqual({ atMs: 3997, id: '3997' });
  });
});
