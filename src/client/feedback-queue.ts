import { RatchetClientError } from './client-error.ts';
import { deliverBatch, type Delivery, type WaitingFeedback } from './deliver-batch.ts';
import type { FeedbackReceipt } from './feedback.ts';

/** Most characters of one batch: as UTF-8 at most 3 MB, where the server takes 4 MiB. A longer feedback goes alone. */
const batchCharactersMax = 1_000_000;

/** Most characters that wait at a time. */
const queueCharactersMax = 50_000_000;

/** Bounds of a queue. */
export interface QueueSettings {
  readonly delayMs: number;
  readonly batchMax: number;
  readonly queueMax: number;
}

/** Feedback on its way to the server: in order, one batch at a time. */
export interface FeedbackQueue {
  /** Rejects with a `RatchetClientError`. */
  readonly add: (json: string) => Promise<FeedbackReceipt>;
  /** Sends what waits, and resolves once all that was added before is settled. Never rejects. */
  readonly flush: () => Promise<void>;
}

/** Gathers feedback and sends it when a batch is full, or `delayMs` after the first of it. */
export function createFeedbackQueue(
  { delayMs, batchMax, queueMax }: QueueSettings,
  delivery: Delivery,
): FeedbackQueue {
  const waiting: WaitingFeedback[] = [];
  const unsettled = new Set<Promise<unknown>>();
  let characters = 0;
  let cancelTimer: (() => void) | undefined;
  let isSending = false;

  const takeBatch = (): readonly WaitingFeedback[] => {
    let length = 0;
    let batchCharacters = 0;
    for (const { json } of waiting.slice(0, batchMax)) {
      batchCharacters += json.length;
      if (length > 0 && batchCharacters > batchCharactersMax) break;
      length += 1;
    }
    return waiting.splice(0, length);
  };
  const send = async (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    if (isSending) return;
    isSending = true;
    while (waiting.length > 0) await deliverBatch(takeBatch(), delivery);
    isSending = false;
  };

  return {
    add: async (json) => {
      if (unsettled.size >= queueMax || characters + json.length > queueCharactersMax)
        throw new RatchetClientError('queue_full', `${unsettled.size} feedbacks wait already`, {
          isRetryable: true,
        });
      const settled = new Promise<FeedbackReceipt>((resolve, reject) => {
        const settle: WaitingFeedback['settle'] = (result) =>
          result instanceof RatchetClientError ? reject(result) : resolve(result);
        waiting.push({ json, settle });
      });
      characters += json.length;
      unsettled.add(settled);
      if (waiting.length >= batchMax) void send();
      else if (!isSending) cancelTimer ??= delivery.platform.schedule(() => void send(), delayMs);
      try {
        return await settled;
      } finally {
        characters -= json.length;
        unsettled.delete(settled);
      }
    },
    flush: async () => {
      void send();
      await Promise.allSettled(unsettled);
    },
  };
}
