import { describe, expect, it } from 'vitest';
import { noSpend } from '../domain/spend.ts';
import type { StoreCase } from './store-context.case.ts';

/** Cases of `SpendStore`. */
export function spendCases({ store }: StoreCase): void {
  describe('spend', () => {
    it('adds up by task and day, and over all days', async () => {
      const spend = { usd: 0.25, shadowRequests: 2, optimizerCalls: 1, judgeCalls: 3, optimizerTokens: 900 };
      expect(await store().readSpend('triage', 20_000)).toEqual(noSpend);
      await store().addSpend('triage', 20_000, spend);
      await store().addSpend('triage', 20_000, { ...noSpend, usd: 0.5 });
      await store().addSpend('triage', 20_001, spend);
      await store().addSpend('reply', 20_001, spend);
      expect(await store().readSpend('triage', 20_000)).toEqual({ ...spend, usd: 0.75 });
      expect(await store().readTotalSpend('triage')).toEqual({
        usd: 1,
        shadowRequests: 4,
        optimizerCalls: 2,
        judgeCalls: 6,
        optimizerTokens: 1800,
      });
      expect(await store().readSpends('triage', 20_001)).toEqual([{ day: 20_001, ...spend }]);
      expect((await store().readSpends('triage', 0)).map(({ day }) => day)).toEqual([20_000, 20_001]);
      expect(await store().readTotalSpend('nowhere')).toEqual(noSpend);
    });

    it('of many at once loses nothing', async () => {
      const one = { ...noSpend, usd: 1 };
      await Promise.all(Array.from({ length: 20 }, () => store().addSpend('triage', 1, one)));
      expect((await store().readSpend('triage', 1)).usd).toBe(20);
    });
  });
}
