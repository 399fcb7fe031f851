import { describe, expect, it } from 'vitest';
import type { Lease } from './lease-store.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `LeaseStore`. */
export function leaseCases({ store }: StoreCase): void {
  const lease = (holder: string, beat: number): Lease => ({ name: 'learning', holder, beat });

  describe('a lease', () => {
    it('is taken once, renewed by whoever saw it last, and read by all', async () => {
      expect(await store().readLease('learning')).toBeUndefined();
      expect(await store().takeLease(lease('one', 1), undefined)).toBe(true);
      expect(await store().takeLease(lease('other', 1), undefined)).toBe(false);
      expect(await store().takeLease(lease('one', 2), lease('one', 1))).toBe(true);
      expect(await store().readLease('learning')).toEqual(lease('one', 2));
      expect(await store().readLease('watching')).toBeUndefined();
    });

    it('that was renewed meanwhile cannot be taken over', async () => {
      await store().takeLease(lease('one', 1), undefined);
      await store().takeLease(lease('one', 2), lease('one', 1));
      expect(await store().takeLease(lease('other', 2), lease('one', 1))).toBe(false);
      expect(await store().takeLease(lease('other', 3), lease('one', 2))).toBe(true);
      expect(await store().takeLease(lease('one', 3), lease('one', 2))).toBe(false);
    });

    it('goes to one of many that take it at the same moment', async () => {
      await store().takeLease(lease('', 4), undefined);
      const takers = Array.from({ length: 8 }, (_, taker) =>
        store().takeLease(lease(`taker ${taker}`, 5), lease('', 4)),
      );
      expect((await Promise.all(takers)).filter(Boolean)).toHaveLength(1);
    });
  });
}
