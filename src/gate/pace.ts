import type { Clock } from '../domain/clock.ts';
import type { RateLimit } from '../domain/rate-limit.ts';
import type { RatchetError } from '../domain/ratchet-error.ts';
import { keepNewest } from './keep-newest.ts';
import { createBucket, type Bucket } from './token-bucket.ts';

/**
 * When the gate may call a model: it gives way to user traffic, and leaves an upstream alone that fails. What it knows is
 * kept in memory, from task to task and from cycle to cycle.
 */
export interface Pace {
  /** Takes leave for one call, within the limits of all tasks and of this one; else says why it must wait. */
  readonly enter: (call: PacedCall) => Leave;
  /** A call was answered. */
  readonly answered: (model: string, rateLimit?: RateLimit) => void;
  /** A call failed. */
  readonly failed: (model: string, error: Pick<RatchetError, 'code' | 'retryAfterMs'>) => void;
  /** What user traffic has met at the same upstream. */
  readonly notice: (model: string, rateLimit: RateLimit) => void;
}

export interface PacedCall {
  readonly model: string;
  readonly taskId: string;
  /** Calls a minute for this task; `null`: no limit of its own. */
  readonly perMinute: number | null;
}

/**
 * `busy`: upstream is near its rate limit, or has said that there are too many requests. `down`: it fails. `rate`: our
 * own limit of calls a minute.
 */
export type Leave =
  { readonly kind: 'go' } | { readonly kind: 'wait'; readonly why: 'busy' | 'down' | 'rate' };

export interface PaceSettings {
  /** Calls a minute over all tasks; `null`: no limit. */
  readonly perMinute: number | null;
  /** Share of upstream's rate limit that is left to user traffic, [0, 1). */
  readonly headroom: number;
}

/** How the gate paces itself where nothing is set. */
export const defaultPaceSettings: PaceSettings = { perMinute: null, headroom: 0.2 };

/** Failures in a row after which a model counts as down. */
const failuresMax = 3;

/** How long a model is left alone after that at first and at most, milliseconds; it doubles with each further failure. */
const downMs = 5_000;
const downMsMax = 300_000;

/** The same for a model that answers with 429 and does not say when to come again. */
const busyMs = 1_000;

/** Longest pause near a rate limit, milliseconds: limits fill up by and by, long before they are whole. */
const limitMsMax = 60_000;

/** Models and tasks that are kept in mind. */
const keptMax = 1_000;

interface ModelState {
  readonly failures: number;
  /** Answers of 429 in a row. */
  readonly refusals: number;
  readonly downUntilMs: number;
  readonly busyUntilMs: number;
}

const fresh: ModelState = { failures: 0, refusals: 0, downUntilMs: 0, busyUntilMs: 0 };

/** A pace that knows nothing yet. */
export function createPace(clock: Clock, { perMinute, headroom }: PaceSettings = defaultPaceSettings): Pace {
  const models = new Map<string, ModelState>();
  const buckets = new Map<string, Bucket>();
  const whole = perMinute === null ? null : createBucket(perMinute, clock);
  const change = (model: string, next: (state: ModelState) => Partial<ModelState>): void => {
    const state = models.get(model) ?? fresh;
    keepNewest(models, model, { ...state, ...next(state) }, keptMax);
  };
  const standBack = (model: string, { leftShare, resetsAtMs }: RateLimit): void => {
    if (leftShare >= headroom) return;
    const untilMs = Math.min(resetsAtMs, clock.now() + limitMsMax);
    change(model, ({ busyUntilMs }) => ({ busyUntilMs: Math.max(busyUntilMs, untilMs) }));
  };
  const bucketOf = ({ taskId, perMinute: rate }: PacedCall): Bucket | null => {
    if (rate === null) return null;
    const known = buckets.get(taskId);
    if (known?.perMinute === rate) return known;
    return keepNewest(buckets, taskId, createBucket(rate, clock), keptMax);
  };
  return {
    enter: (call) => {
      const { downUntilMs, busyUntilMs } = models.get(call.model) ?? fresh;
      const nowMs = clock.now();
      if (nowMs < busyUntilMs) return { kind: 'wait', why: 'busy' };
      if (nowMs < downUntilMs) return { kind: 'wait', why: 'down' };
      const own = bucketOf(call);
      if (whole?.has() === false || own?.has() === false) return { kind: 'wait', why: 'rate' };
      whole?.take();
      own?.take();
      return { kind: 'go' };
    },
    answered: (model, rateLimit) => {
      change(model, () => ({ failures: 0, refusals: 0, downUntilMs: 0 }));
      if (rateLimit !== undefined) standBack(model, rateLimit);
    },
    failed: (model, { code, retryAfterMs }) => {
      const nowMs = clock.now();
      if (code === 'upstream_overloaded')
        change(model, ({ refusals }) => {
          const pauseMs = retryAfterMs ?? Math.min(limitMsMax, busyMs * 2 ** refusals);
          return { refusals: refusals + 1, busyUntilMs: nowMs + Math.min(downMsMax, pauseMs) };
        });
      else
        change(model, (state) => {
          const failures = state.failures + 1;
          if (failures < failuresMax) return { failures };
          return {
            failures,
            downUntilMs: nowMs + Math.min(downMsMax, downMs * 2 ** (failures - failuresMax)),
          };
        });
    },
    notice: standBack,
  };
}
