import type { Usage } from './chat.ts';

/** US dollars per million tokens. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** Used for models without a price in the configuration. */
export const defaultPrice: Price = { inputPerMillion: 0.15, outputPerMillion: 0.6 };

/** Cost in US dollars. */
export function costUsd(usage: Usage, price: Price): number {
  return (usage.inputTokens * price.inputPerMillion + usage.outputTokens * price.outputPerMillion) / 1e6;
}
