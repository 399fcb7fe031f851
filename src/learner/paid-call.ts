import type { ChatRequest } from '../domain/chat.ts';
import type { Clock } from '../domain/clock.ts';
import { costUsd, type Price } from '../domain/price.ts';
import { RatchetError, type ErrorCode } from '../domain/ratchet-error.ts';
import { dayOf } from '../domain/spend.ts';
import type { Task } from '../domain/task.ts';
import type { SpendStore } from '../store/spend-store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import { reservationUsd, reservedSpend, settledSpend, usdLeft } from './budget.ts';

/** What a call needs: a model, and somebody who counts the money. */
export interface CallDeps {
  readonly store: SpendStore;
  readonly model: ChatModel;
  readonly priceOf: (model: string) => Price;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly signal?: AbortSignal;
}

/** What became of a call. */
export type PaidCall =
  | { readonly kind: 'answered'; readonly text: string; readonly costUsd: number }
  /** Not made: the task may not spend as much today. */
  | { readonly kind: 'budget-spent' }
  | { readonly kind: 'model-failed'; readonly code: ErrorCode };

/**
 * Makes one call on a task's budget. Its estimated price is added to the day's spend first, and the difference to the
 * real one afterwards, so that a process killed in between has spent too much on paper, never too little. After a
 * failure the estimate is taken back only where no model can have worked on the request.
 */
export async function payAndCall(
  deps: CallDeps,
  task: Task,
  request: ChatRequest,
  size: { readonly prompt: string; readonly count: number },
): Promise<PaidCall> {
  const { store, model, clock, telemetry, signal } = deps;
  const price = deps.priceOf(request.model);
  const day = dayOf(clock.now());
  const left = usdLeft(await store.readSpend(task.id, day), task.config.budget);
  const reserved = reservationUsd(request, size, price);
  if (reserved > left) return { kind: 'budget-spent' };
  await store.addSpend(task.id, day, reservedSpend(reserved));
  try {
    const { completion, usage } = await model.complete(request, signal === undefined ? {} : { signal });
    const usd = costUsd(usage, price);
    await store.addSpend(task.id, day, settledSpend(reserved, usage, price));
    telemetry.count('ratchet.learning.usd', usd, { task: task.name, kind: 'optimizer' });
    telemetry.gauge('ratchet.budget.usd_left', left - usd, { task: task.name });
    return { kind: 'answered', text: completion.text, costUsd: usd };
  } catch (error) {
    // The store's troubles are not the model's, and end the task's turn.
    if (!(error instanceof RatchetError) || error.code === 'store_unavailable') throw error;
    if (error.code === 'upstream_unreachable')
      await store.addSpend(task.id, day, settledSpend(reserved, null, price));
    return { kind: 'model-failed', code: error.code };
  }
}
