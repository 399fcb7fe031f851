/** What learning has cost a task on one UTC day. */
export interface Spend {
  readonly usd: number;
  readonly shadowRequests: number;
  readonly optimizerCalls: number;
  readonly judgeCalls: number;
  readonly optimizerTokens: number;
}

export const noSpend: Spend = {
  usd: 0,
  shadowRequests: 0,
  optimizerCalls: 0,
  judgeCalls: 0,
  optimizerTokens: 0,
};

/** Sum of two spends, field by field. */
export function addSpend(one: Spend, other: Spend): Spend {
  return {
    usd: one.usd + other.usd,
    shadowRequests: one.shadowRequests + other.shadowRequests,
    optimizerCalls: one.optimizerCalls + other.optimizerCalls,
    judgeCalls: one.judgeCalls + other.judgeCalls,
    optimizerTokens: one.optimizerTokens + other.optimizerTokens,
  };
}

/** The UTC day of a moment, as days since the epoch. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / 86_400_000);
}
