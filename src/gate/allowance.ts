import type { Clock } from '../domain/clock.ts';
import { dayOf } from '../domain/spend.ts';
import type { SpendStore } from '../store/spend-store.ts';

/** What all tasks together may still spend on this UTC day, beside the budget of each. */
export interface Allowance {
  readonly hasMoney: () => boolean;
  readonly spend: (usd: number) => void;
}

/** No limit but the tasks' own. */
export const unlimited: Allowance = { hasMoney: () => true, spend: () => {} };

/** Opens the allowance for one cycle; `usdPerDay` in US dollars, `null`: no limit. */
export async function openAllowance(
  store: Pick<SpendStore, 'readSpend'>,
  taskIds: readonly string[],
  { usdPerDay, clock }: { readonly usdPerDay: number | null; readonly clock: Clock },
): Promise<Allowance> {
  if (usdPerDay === null) return unlimited;
  const day = dayOf(clock.now());
  let spent = 0;
  for (const taskId of taskIds) spent += (await store.readSpend(taskId, day)).usd;
  return {
    hasMoney: () => spent < usdPerDay,
    spend: (usd) => {
      spent += usd;
    },
  };
}
