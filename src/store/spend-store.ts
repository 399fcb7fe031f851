import type { Spend } from '../domain/spend.ts';

/** What learning costs, by task and UTC day. */
export interface SpendStore {
  readonly readSpend: (taskId: string, day: number) => Promise<Spend>;
  readonly addSpend: (taskId: string, day: number, spend: Spend) => Promise<void>;
  /** Over all days. */
  readonly readTotalSpend: (taskId: string) => Promise<Spend>;
}

/** What learning cost, day by day. */
export interface SpendHistory {
  /** Days with any spend, oldest first, from this one on. */
  readonly readSpends: (taskId: string, sinceDay: number) => Promise<readonly DaySpend[]>;
}

/** What one UTC day cost, as days since the epoch. */
export interface DaySpend extends Spend {
  readonly day: number;
}
