import { addSpend, noSpend } from '../../domain/spend.ts';
import type { SpendStore } from '../spend-store.ts';
import type { MemoryContext } from './context.ts';
import { perTaskOf } from './tables.ts';

/** What learning cost, in memory. */
export function memorySpends({ tables }: MemoryContext): SpendStore {
  return {
    readSpend: async (taskId, day) => tables.perTask.get(taskId)?.spends.get(day) ?? noSpend,
    addSpend: async (taskId, day, spend) => {
      const { spends } = perTaskOf(tables, taskId);
      spends.set(day, addSpend(spends.get(day) ?? noSpend, spend));
    },
    readTotalSpend: async (taskId) =>
      [...(tables.perTask.get(taskId)?.spends.values() ?? [])].reduce(addSpend, noSpend),
  };
}
