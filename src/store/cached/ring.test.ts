import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRing } from './ring.ts';

const sum = (list: readonly number[]): number => list.reduce((total, item) => total + item, 0);

describe('createRing', () => {
  it('behaves as a list that loses its head when it grows too long or too heavy', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('push' as const), item: fc.integer({ min: 0, max: 12 }) }),
        fc.record({
          kind: fc.constant('take' as const),
          count: fc.integer({ min: 0, max: 9 }),
          weight: fc.integer({ min: 0, max: 20 }),
        }),
      ),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 30 }),
        steps,
        (count, weight, all) => {
          const ring = createRing<number>({ count, weight });
          const list: number[] = [];
          for (const step of all) {
            if (step.kind === 'take') {
              const fitting = list.filter(
                (_, index) =>
                  index < step.count && (index === 0 || sum(list.slice(0, index + 1)) <= step.weight),
              );
              expect(ring.take(step)).toEqual(list.splice(0, fitting.length));
            } else {
              let gone = 0;
              for (; list.length > 0 && (list.length === count || sum(list) + step.item > weight); gone++)
                list.shift();
              list.push(step.item);
              expect(ring.push(step.item, step.item)).toBe(gone);
            }
            expect(ring.size()).toBe(list.length);
          }
        },
      ),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %d', (count) => {
    expect(() => createRing({ count, weight: 1 })).toThrow(RangeError);
  });
});
