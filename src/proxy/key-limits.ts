import type { ApiKey } from '../domain/api-key.ts';
import type { Clock } from '../domain/clock.ts';
import type { Decision } from '../domain/decision.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { RatchetError } from '../domain/ratchet-error.ts';
import { limitError, reachedLimit, type ReachedLimit } from './key-limit-rule.ts';
import { noUse, type KeyUseStore } from './key-use.ts';
import { createKeyUseBook, type KeyUseBook } from './key-use-book.ts';

/**
 * Holds keys to their limits. Requests count when they begin, tokens and money when a response has ended, so that those
 * under way may take a key beyond its budget; the next one is refused.
 */
export interface KeyLimits {
  /** Counts a request of a key. Throws `rate_limit_exceeded` or `budget_exhausted`, and then counts nothing. */
  readonly admit: (keyId: string) => void;
  /** Counts feedback of a key. Throws `rate_limit_exceeded`, and then counts nothing. */
  readonly admitFeedback: (keyId: string, count: number) => void;
  /** Counts what a request has used. */
  readonly charge: (decision: Pick<Decision, 'scope' | 'usage' | 'costUsd'>) => void;
  /** Saves what was used, and learns what the store knows. Rejects where the store does; then nothing is lost. */
  readonly save: (store: KeyUseStore) => Promise<void>;
}

/** What limits are kept with. */
export interface KeyLimitDeps {
  readonly keys: readonly ApiKey[];
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'count'>;
}

interface LimitedKey {
  readonly limits: NonNullable<ApiKey['limits']>;
  readonly book: KeyUseBook;
  /** The minute that is counted, and what came in it. */
  minute: number;
  requestsThisMinute: number;
  feedbackThisMinute: number;
}

const minuteMs = 60_000;

/** Limits of the keys that have any; all others are let through. */
export function createKeyLimits({ keys, clock, telemetry }: KeyLimitDeps): KeyLimits {
  const limited = new Map(
    keys.flatMap(({ id, limits }): readonly [string, LimitedKey][] =>
      limits === undefined
        ? []
        : [
            [
              id,
              {
                limits,
                book: createKeyUseBook(id),
                minute: 0,
                requestsThisMinute: 0,
                feedbackThisMinute: 0,
              },
            ],
          ],
    ),
  );
  const refusal = (keyId: string, reached: ReachedLimit, nowMs: number): RatchetError => {
    telemetry.count('ratchet.keys.limited', 1, { key: keyId, limit: reached.limit });
    return limitError(keyId, reached, nowMs);
  };
  return {
    admit: (keyId) => {
      const key = limited.get(keyId);
      if (key === undefined) return;
      const nowMs = clock.now();
      enterMinute(key, nowMs);
      const reached = reachedLimit(key.limits, key.book.today(nowMs), key.requestsThisMinute);
      if (reached !== undefined) throw refusal(keyId, reached, nowMs);
      key.requestsThisMinute += 1;
      key.book.add({ ...noUse, requests: 1 }, nowMs);
    },
    admitFeedback: (keyId, count) => {
      const key = limited.get(keyId);
      const max = key?.limits.feedbackPerMinute ?? null;
      if (key === undefined || max === null) return;
      const nowMs = clock.now();
      enterMinute(key, nowMs);
      if (key.feedbackThisMinute >= max) throw refusal(keyId, { limit: 'feedbackPerMinute', max }, nowMs);
      key.feedbackThisMinute += count;
    },
    charge: ({ scope, usage, costUsd }) => {
      const tokens = usage === null ? 0 : usage.inputTokens + usage.outputTokens;
      limited.get(scope)?.book.add({ requests: 0, tokens, usd: costUsd ?? 0 }, clock.now());
    },
    save: async (store) => {
      await Promise.all([...limited.values()].map(async ({ book }) => book.save(store, clock.now())));
    },
  };
}

/** Counts from nothing in each new minute. A clock that is set back by no more than one opens none. */
function enterMinute(key: LimitedKey, nowMs: number): void {
  const minute = Math.floor(nowMs / minuteMs);
  if (minute <= key.minute && minute >= key.minute - 1) return;
  key.minute = minute;
  key.requestsThisMinute = 0;
  key.feedbackThisMinute = 0;
}
