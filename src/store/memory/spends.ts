import { addSpend, noSpend } from '../../domain/spend.ts';
import type { SpendHistory, SpendStore } from '../spend-store.ts';
import type { MemoryContext } from './context.ts';
import { perTaskOf } from './tables.ts';

/** What learning cost, in memory. */
export function memorySpends({ tables }: MemoryContext): SpendStore & SpendHistory {
  return {
    readSpend: async (taskId, day) => tables.perTask.get(taskId)?.spends.get(day) ?? noSpend,
    addSpend: async (taskId, day, spend) => {
      const { spends } = perTaskOf(tables, taskId);
      spends.set(day, addSpend(spends.get(day) ?? noSpend, spend));
    },
    readSpends: async (taskId, sinceDay) =>
      [...(tables.perTask.get(taskId)?.spends ?? [])]
        .filter(([day]) => day >= sinceDay)
        .toSorted(([one], [other]) => one - other)
        .map(([day, spend]) => ({ day, ...spend })),
    readTotalSpend: async (taskId) =>
      [...(tables.perTask.get(taskId)?.spends.values() ?? [])].reduce(addSpend, noSpend),
  };
}
