import type { Clock } from '../domain/clock.ts';
import { addSpend, dayOf, noSpend, type Spend } from '../domain/spend.ts';
import type { Task } from '../domain/task.ts';
import type { SpendStore } from '../store/spend-store.ts';
import { unlimited, type Allowance } from './allowance.ts';

/** What a task may still spend on this UTC day. */
export interface Purse {
  /** Takes this many model calls out of the day's budget, or none when they do not all fit or the money is gone. */
  readonly take: (calls: number, reserve: Reserve) => boolean;
  /** Whether money is left beyond the reserve; to be asked before each call, since those before it have been paid. */
  readonly hasMoney: (reserve: Reserve) => boolean;
  /** Notes what has been spent. */
  readonly owe: (spend: Partial<Spend>) => void;
  /** Writes down what is owed. */
  readonly settle: () => Promise<void>;
  /** US dollars left today, ≥ 0. */
  readonly usdLeft: () => number;
}

/** Share of the day's budget, [0, 1), that must stay untouched. */
export type Reserve = number;

/** Kept back from shadow runs while an edit serves, so that an alarm can be looked into on any day. */
export const alarmReserve: Reserve = 0.2;

/** Opens a task's purse for one cycle, within what all tasks may spend. Two workers on one task may overdraw it by what each has under way. */
export async function openPurse(
  store: SpendStore,
  task: Task,
  clock: Clock,
  allowance: Allowance = unlimited,
): Promise<Purse> {
  const { usdPerDay, shadowRequestsPerDay } = task.config.budget;
  let spent = await store.readSpend(task.id, dayOf(clock.now()));
  let callsTaken = spent.shadowRequests;
  let owed = noSpend;
  const hasMoney = (reserve: Reserve): boolean =>
    spent.usd < usdPerDay * (1 - reserve) && allowance.hasMoney();
  return {
    hasMoney,
    take: (calls, reserve) => {
      const isWithin = callsTaken + calls <= shadowRequestsPerDay * (1 - reserve) && hasMoney(reserve);
      if (isWithin) callsTaken += calls;
      return isWithin;
    },
    owe: (spend) => {
      const whole = { ...noSpend, ...spend };
      owed = addSpend(owed, whole);
      spent = addSpend(spent, whole);
      allowance.spend(whole.usd);
    },
    settle: async () => {
      const due = owed;
      if (due === noSpend) return;
      owed = noSpend;
      try {
        await store.addSpend(task.id, dayOf(clock.now()), due);
      } catch (error) {
        owed = addSpend(owed, due);
        throw error;
      }
    },
    usdLeft: () => Math.max(0, usdPerDay - spent.usd),
  };
}
