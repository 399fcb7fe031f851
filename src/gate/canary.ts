import { countOf, type Histogram } from '../domain/histogram.ts';
import { logHarmE } from '../stats/log-mixture-e.ts';
import { isBelowZero } from './histogram-error.ts';
import { logHarmful } from './verdict.ts';

/** Share of traffic at which a canary has proved itself. */
const canaryShareNeeded = 0.5;

/** How long it may take: observed feedbacks of the task, and milliseconds. */
export const canaryFeedbacksMax = 6000;
export const canaryMsMax: number = 30 * 86_400_000;

/** Standard errors that the mean live contrast may lie below zero. */
const liveErrorsMax = 1.5;

/** How a canary is doing. */
export interface CanaryRun {
  /** Of the traffic, in [0, 1], as it is served now. */
  readonly share: number;
  /** Observed feedbacks of the task since it was admitted. */
  readonly feedbacks: number;
  readonly ageMs: number;
  /** Whether the watch has raised an alarm on it. */
  readonly isAlarmed: boolean;
  /** Live contrasts with the incumbent since it was admitted. */
  readonly live: Histogram;
}

export type CanaryDecision =
  { readonly kind: 'wait' } | { readonly kind: 'promote' | 'stop' | 'roll-back'; readonly reason: string };

/**
 * A canary that does harm on live contrasts (E(H0: mean ≥ 0) ≥ 20) is rolled back. At half of the traffic, with no
 * alarm on it and a mean contrast no more than 1.5 standard errors below zero, it is promoted. One that gets there
 * neither within 6,000 feedbacks nor within 30 days is stopped.
 */
export function decideCanary({ share, feedbacks, ageMs, isAlarmed, live }: CanaryRun): CanaryDecision {
  const logHarm = logHarmE(live);
  if (logHarm >= logHarmful) {
    const reason = `harmful on live traffic: log e ${logHarm.toFixed(2)} after ${countOf(live)} contrasts`;
    return { kind: 'roll-back', reason };
  }
  // An alarm is settled by its burst of replays; until then nothing else moves the canary.
  if (isAlarmed) return { kind: 'wait' };
  if (share >= canaryShareNeeded && !isBelowZero(live, liveErrorsMax)) {
    const reason = `${Math.round(share * 100)} % of traffic without harm in ${countOf(live)} live contrasts`;
    return { kind: 'promote', reason };
  }
  if (feedbacks > canaryFeedbacksMax || ageMs > canaryMsMax)
    return { kind: 'stop', reason: `${(share * 100).toFixed(1)} % of traffic after ${feedbacks} feedbacks` };
  return { kind: 'wait' };
}
