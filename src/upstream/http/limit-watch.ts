import type { Clock } from '../../domain/clock.ts';
import { readRateLimit, type RateLimit } from '../../domain/rate-limit.ts';
import { headerValue } from './hop-by-hop.ts';
import { readRetryHint } from './retry-hint.ts';

/** What user traffic has met at an upstream. */
export interface MetLimit {
  /** Base URL of the upstream. */
  readonly upstreamUrl: string;
  /** Name that the client has for the model. */
  readonly model: string;
  readonly rateLimit: RateLimit;
}

/** Looks at the heads of responses, at a few of them a second, for how near the rate limit is. */
export interface LimitWatch {
  readonly look: (upstreamUrl: string, model: string, head: ResponseHead) => void;
}

export interface ResponseHead {
  readonly status: number;
  readonly headers: readonly string[];
}

export interface LimitWatchDeps {
  readonly onLimit: (met: MetLimit) => void;
  readonly clock: Clock;
  /** Milliseconds that only ever grow. */
  readonly stopwatch: () => number;
}

/** Pause between two looks, milliseconds: a limit that comes near does so over many requests. */
const lookMs = 100;

/** How long upstream is taken for full after a 429 that does not say, milliseconds. */
const refusedMs = 5_000;

/** A watch that looks ten times a second at most, at whichever response comes then. */
export function createLimitWatch({ onLimit, clock, stopwatch }: LimitWatchDeps): LimitWatch {
  let nextMs = -Infinity;
  return {
    look: (upstreamUrl, model, { status, headers }) => {
      const timeMs = stopwatch();
      if (timeMs < nextMs) return;
      nextMs = timeMs + lookMs;
      const rateLimit = rateLimitOf(status, headers, clock.now());
      if (rateLimit !== null) onLimit({ upstreamUrl, model, rateLimit });
    },
  };
}

function rateLimitOf(status: number, headers: readonly string[], nowMs: number): RateLimit | null {
  if (status !== 429) return readRateLimit((name) => headerValue(headers, name), nowMs);
  return { leftShare: 0, resetsAtMs: nowMs + (readRetryHint(headers, nowMs).afterMs ?? refusedMs) };
}
