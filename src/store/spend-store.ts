import type { Spend } from '../domain/spend.ts';

/** What learning costs, by task and UTC day. */
export interface SpendStore {
  readonly readSpend: (taskId: string, day: number) => Promise<Spend>;
  readonly addSpend: (taskId: string, day: number, spend: Spend) => Promise<void>;
  /** Over all days. */
  readonly readTotalSpend: (taskId: string) => Promise<Spend>;
}
