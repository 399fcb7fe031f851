import type { Store } from './store.ts';

/** What the cases of each port work with. */
export interface StoreCase {
  readonly store: () => Store;
  /** Moves the clock; the store sees it at once. */
  readonly setNowMs: (nowMs: number) => void;
}

/** How long the stores of the suite keep content. */
export const retentionMs: number = 5 * 86_400_000;
