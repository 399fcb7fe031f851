import { forecastProof, type ProofForecast } from '../gate/proof-forecast.ts';
import type { Store } from '../store/store.ts';
import { findTask } from './find-task.ts';
import { ok, warning, type Finding } from './finding.ts';
import { readTraffic, type ReadTraffic } from './read-traffic.ts';

/** Days after which the gate ends a test for want of evidence. */
const daysMax = 14;

/** How long a proof takes on a task, as a finding and in figures. */
export interface CheckedProof {
  readonly finding: Finding;
  readonly forecast: ProofForecast;
  readonly traffic: ReadTraffic;
}

/** Forecasts the proof of an edit on a task, by name or id. Rejects with `not_found` where there is no such task. */
export async function checkProof(
  store: Store,
  { task: named, effect, nowMs }: { readonly task: string; readonly effect: number; readonly nowMs: number },
): Promise<CheckedProof> {
  const found = await findTask(store, named);
  const traffic = await readTraffic(store, found, nowMs);
  const forecast = forecastProof(effect, traffic.figures);
  return { finding: findingOf(forecast, traffic), forecast, traffic };
}

function findingOf(forecast: ProofForecast, { figures, varianceFrom }: ReadTraffic): Finding {
  const { effect, pairs, pairsInAll, bottleneck, pairsPerDay, boundBy, days, isWithinTest } = forecast;
  const level = `level 1/${(1 / figures.alphaLevel).toFixed(0)}, variance ${figures.variance.toFixed(3)} ${varianceFrom}`;
  const wait = bottleneck === 'gain' ? '' : `, ${bottleneck} takes ${amount(pairsInAll)}`;
  const pace = `${pairsPerDay.toFixed(0)} pairs a day, as many as ${boundBy === 'budget' ? 'the budget allows' : 'conversations can be graded'}`;
  const detail = `a gain of +${effect} takes about ${amount(pairs)} pairs (${level})${wait}: about ${amount(days)} days at ${pace}`;
  if (days === Infinity)
    return warning(
      'proof',
      `${detail.split(': about')[0]}, and none comes: no conversation of the last week can be graded`,
      'send feedback with "expected", or declare a grader that needs none',
    );
  if (!isWithinTest)
    return warning(
      'proof',
      `${detail}; tests end undecided at 2,000`,
      bottleneck === 'gain'
        ? 'use graders with more than two scores, or aim at larger effects (mde)'
        : `widen the margin of ${bottleneck}`,
    );
  if (days > daysMax)
    return warning(
      'proof',
      `${detail}; tests end undecided after ${daysMax} days`,
      boundBy === 'budget' ? 'raise budget.shadow_requests_per_day' : 'send ground truth more often',
    );
  return ok('proof', detail);
}

/** A number in at most a few signs. */
function amount(value: number): string {
  if (value === Infinity) return 'more than 10,000,000';
  return value >= 10 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
