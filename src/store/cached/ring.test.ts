import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRing } from './ring.ts';

describe('createRing', () => {
  it('behaves as a list that loses its head when it grows beyond its capacity', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('push' as const), item: fc.integer() }),
        fc.record({ kind: fc.constant('take' as const), limit: fc.integer({ min: 0, max: 9 }) }),
      ),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), steps, (capacity, all) => {
        const ring = createRing<number>(capacity);
        const list: number[] = [];
        for (const step of all) {
          if (step.kind === 'take') expect(ring.take(step.limit)).toEqual(list.splice(0, step.limit));
          else {
            list.push(step.item);
            expect(ring.push(step.item)).toBe(list.length > capacity);
            if (list.length > capacity) list.shift();
          }
          expect(ring.size()).toBe(list.length);
        }
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %d', (capacity) => {
    expect(() => createRing(capacity)).toThrow(RangeError);
  });
});
