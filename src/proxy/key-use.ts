import type { Spend } from '../domain/spend.ts';
import type { SpendStore } from '../store/spend-store.ts';

/** What a key has used on one UTC day. */
export interface KeyUse {
  readonly requests: number;
  /** Read and written. */
  readonly tokens: number;
  readonly usd: number;
}

/** The store's part that remembers it across restarts: sums by name and day, to which several processes may add. */
export type KeyUseStore = Pick<SpendStore, 'readSpend' | 'addSpend'>;

export const noUse: KeyUse = { requests: 0, tokens: 0, usd: 0 };

/** Sum of two uses. */
export function addUse(one: KeyUse, other: KeyUse): KeyUse {
  return {
    requests: one.requests + other.requests,
    tokens: one.tokens + other.tokens,
    usd: one.usd + other.usd,
  };
}

/** Adds to what a key has used on a day, and tells the sum of all who add. */
export async function saveUse(
  store: KeyUseStore,
  keyId: string,
  { day, use }: { readonly day: number; readonly use: KeyUse },
): Promise<void> {
  await store.addSpend(nameOf(keyId), day, toSpend(use));
}

/** What is stored of a key's day. */
export async function readUse(store: KeyUseStore, keyId: string, day: number): Promise<KeyUse> {
  const { usd, shadowRequests, optimizerTokens } = await store.readSpend(nameOf(keyId), day);
  return { requests: shadowRequests, tokens: optimizerTokens, usd };
}

/** Ids of tasks contain no colon, so that a key never shares a row with one. */
function nameOf(keyId: string): string {
  return `key:${keyId}`;
}

/** The store counts money, requests and tokens by day for learning; a key's own stand in the same places. */
function toSpend({ requests, tokens, usd }: KeyUse): Spend {
  return { usd, shadowRequests: requests, optimizerTokens: tokens, optimizerCalls: 0, judgeCalls: 0 };
}
