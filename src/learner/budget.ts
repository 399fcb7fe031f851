import { estimateTokens } from '../domain/estimate-tokens.ts';
import type { ChatRequest, Usage } from '../domain/chat.ts';
import { costUsd, type Price } from '../domain/price.ts';
import { noSpend, type Spend } from '../domain/spend.ts';
import type { BudgetConfig } from '../domain/task.ts';

/** Share of a day's money that proposals may use up together with all else; the rest stays for looking into alarms. */
const shareMax = 0.8;

/** Tokens that an answer is taken to have beside a full rewrite of the prompt for each proposal. */
const answerTokens = 2_000;

/** What proposals may still cost on a day on which `spent` has been spent, by whomever; ≥ 0. */
export function usdLeft(spent: Spend, { usdPerDay }: BudgetConfig): number {
  return Math.max(0, usdPerDay * shareMax - spent.usd);
}

/** What a request may cost, rather too much than too little. */
export function reservationUsd(
  request: ChatRequest,
  { prompt, count }: { readonly prompt: string; readonly count: number },
  price: Price,
): number {
  const usage: Usage = {
    inputTokens: estimateTokens(JSON.stringify([request.messages, request['response_format']])),
    outputTokens: answerTokens + count * estimateTokens(prompt),
  };
  return costUsd(usage, price);
}

/** Written down before a call: it counts, and its price is taken to be the reserved one until the answer is there. */
export function reservedSpend(reservedUsd: number): Spend {
  return { ...noSpend, usd: reservedUsd, optimizerCalls: 1 };
}

/**
 * Written down after a call: the difference between what was reserved and what it cost. `null` usage: no answer came
 * and none was made, so nothing was billed.
 */
export function settledSpend(reservedUsd: number, usage: Usage | null, price: Price): Spend {
  if (usage === null) return { ...noSpend, usd: -reservedUsd };
  return {
    ...noSpend,
    usd: costUsd(usage, price) - reservedUsd,
    optimizerTokens: usage.inputTokens + usage.outputTokens,
  };
}
