import type { RetryConfig, TroubleName } from '../../domain/upstream.ts';
import type { RetryHint } from './retry-hint.ts';

/**
 * How one attempt ended before anything of it went to the client.
 * - `stale`: upstream closed a kept connection just as the request was sent on it; nobody has looked at the request.
 * - `overloaded`: it was not sent, since too many are under way, or the upstream counts as down.
 * - `unsendable`: it cannot be sent to any upstream.
 */
export type Outcome =
  { readonly kind: 'answer'; readonly status: number; readonly hint: RetryHint } | { readonly kind: Trouble };

/** An attempt that ended without an answer. */
export type Trouble = 'refused' | 'unreachable' | 'stale' | 'reset' | 'timeout' | 'overloaded' | 'unsendable';

/** What decides beside the outcome. */
export interface Situation {
  readonly retries: RetryConfig;
  /** Attempts at this upstream that count as retries so far; those for stale connections count apart. */
  readonly retried: number;
  readonly staleConnections: number;
  /** Whether the body can be sent once more. */
  readonly isRepeatable: boolean;
  readonly isClientRetrying: boolean;
  /** Whether there is a further upstream to try. */
  readonly hasNext: boolean;
  /** A draw from [0, 1), for the pause. */
  readonly draw: number;
}

/** `relay`: the client is told how it ended. `again`: the same upstream is asked. `next`: the next one is. */
export type Step =
  | { readonly kind: 'relay' }
  | { readonly kind: 'next' }
  | { readonly kind: 'again'; readonly afterMs: number };

/** Stale connections that are replaced for one request at one upstream: several may have been closed at once. */
const staleConnectionsMax = 3;

/** Pause before the first retry, milliseconds; it doubles with each one, half of it at random. */
const firstPauseMs = 100;

/**
 * What comes after an attempt: a stale connection is replaced at once, then the retries of this upstream are used up, then
 * the next upstream is tried, then the client is told.
 */
export function nextStep(outcome: Outcome, situation: Situation): Step {
  if (!situation.isRepeatable || outcome.kind === 'unsendable') return { kind: 'relay' };
  if (outcome.kind === 'stale' && situation.staleConnections < staleConnectionsMax)
    return { kind: 'again', afterMs: 0 };
  const afterMs = retryPauseMs(outcome, situation);
  if (afterMs !== null) return { kind: 'again', afterMs };
  return { kind: situation.hasNext && isWorthAnother(outcome) ? 'next' : 'relay' };
}

/** Whether an outcome is among those that a setting names. */
export function isNamed(outcome: Outcome, names: readonly TroubleName[]): boolean {
  if (outcome.kind === 'answer')
    return names.includes(outcome.status) || (outcome.status >= 500 && names.includes('5xx'));
  const { kind } = outcome;
  if (kind === 'stale') return names.includes('reset');
  return kind !== 'overloaded' && kind !== 'unsendable' && names.includes(kind);
}

/** Milliseconds to wait before the same upstream is asked again; `null`: it is not. */
function retryPauseMs(outcome: Outcome, situation: Situation): number | null {
  const { retries, retried, isClientRetrying, draw } = situation;
  if (retried >= retries.max) return null;
  if (isClientRetrying && !retries.isForRetryingClients && outcome.kind !== 'refused') return null;
  const hint = outcome.kind === 'answer' ? outcome.hint : { afterMs: null, isWanted: null };
  if (hint.isWanted === false) return null;
  if (!isNamed(outcome, retries.on) && !(hint.isWanted === true && areAnswersRetried(retries))) return null;
  if (hint.afterMs !== null) return hint.afterMs <= retries.pauseMsMax ? hint.afterMs : null;
  return Math.min(retries.pauseMsMax, firstPauseMs * 2 ** retried) * (0.5 + 0.5 * draw);
}

/** An upstream that asks to be tried again is heard where answers are tried again at all. */
function areAnswersRetried({ on }: RetryConfig): boolean {
  return on.some((name) => typeof name === 'number' || name === '5xx');
}

/** An answer that is about the request, and not about the upstream, would be the same elsewhere. */
function isWorthAnother(outcome: Outcome): boolean {
  if (outcome.kind !== 'answer') return true;
  return outcome.status === 408 || outcome.status === 429 || outcome.status >= 500;
}
