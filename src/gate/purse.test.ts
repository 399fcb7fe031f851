import { describe, expect, it } from 'vitest';
import { addSpend, noSpend, type Spend } from '../domain/spend.ts';
import { defaultTaskConfig, type Task } from '../domain/task.ts';
import type { SpendStore } from '../store/spend-store.ts';
import { openAllowance } from './allowance.ts';
import { openPurse } from './purse.ts';

const task: Task = {
  id: 't',
  name: 't',
  scope: 's',
  baseline: { version: 1, skeleton: { segments: [] }, stableFor: 0 },
  config: { ...defaultTaskConfig, budget: { usdPerDay: 1, shadowRequestsPerDay: 10, exploreShare: 0.1 } },
  createdAtMs: 0,
};

function ledger(spent: Partial<Spend> = {}): { store: SpendStore; total: () => Spend } {
  let total = addSpend(noSpend, { ...noSpend, ...spent });
  return {
    total: () => total,
    store: {
      readSpend: async () => total,
      addSpend: async (_task, _day, spend) => {
        total = addSpend(total, spend);
      },
      readTotalSpend: async () => total,
    },
  };
}

const clock = { now: () => 0 };

describe('purse', () => {
  it('takes calls while they fit into the day, whole or not at all', async () => {
    const purse = await openPurse(ledger({ shadowRequests: 5 }).store, task, clock);
    expect([purse.take(3, 0), purse.take(3, 0), purse.take(2, 0), purse.take(1, 0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('spends no more than all tasks together may', async () => {
    const { store } = ledger({ usd: 0.4 });
    const others = await openAllowance(store, ['t', 'u'], { usdPerDay: 1, clock });
    const [mine, other] = [
      await openPurse(store, task, clock, others),
      await openPurse(ledger().store, { ...task, id: 'u' }, clock, others),
    ];
    expect([mine.hasMoney(0), other.hasMoney(0)]).toEqual([true, true]);
    other.owe({ usd: 0.2 });
    expect([mine.hasMoney(0), other.hasMoney(0), mine.take(1, 0)]).toEqual([false, false, false]);
    const own = await openAllowance(store, ['t'], { usdPerDay: null, clock });
    expect((await openPurse(store, task, clock, own)).hasMoney(0)).toBe(true);
  });

  it('keeps a reserve back', async () => {
    const purse = await openPurse(ledger({ shadowRequests: 7 }).store, task, clock);
    expect([purse.take(2, 0.2), purse.take(1, 0.2), purse.take(1, 0.2), purse.take(2, 0)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('stops when the money is gone, the judge’s too', async () => {
    const purse = await openPurse(ledger({ usd: 0.9 }).store, task, clock);
    expect(purse.take(1, 0)).toBe(true);
    purse.owe({ usd: 0.2, judgeCalls: 1 });
    expect(purse.take(1, 0)).toBe(false);
    expect(purse.usdLeft()).toBe(0);
  });

  it('writes down once what it owes', async () => {
    const { store, total } = ledger();
    const purse = await openPurse(store, task, clock);
    purse.owe({ usd: 0.1, shadowRequests: 1 });
    await purse.settle();
    await purse.settle();
    expect(total()).toEqual({ ...noSpend, usd: 0.1, shadowRequests: 1 });
  });

  it('still owes what could not be written', async () => {
    const { store, total } = ledger();
    let isDown = true;
    const purse = await openPurse(
      {
        ...store,
        addSpend: async (...spend) => {
          if (isDown) throw new Error('down');
          await store.addSpend(...spend);
        },
      },
      task,
      clock,
    );
    purse.owe({ usd: 0.1 });
    await expect(purse.settle()).rejects.toThrow('down');
    isDown = false;
    await purse.settle();
    expect(total().usd).toBe(0.1);
  });
});
