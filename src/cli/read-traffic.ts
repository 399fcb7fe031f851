import { countOf, mergeHistograms, primaryLedger, type Histogram, type Ledger } from '../domain/histogram.ts';
import type { Trace } from '../domain/trace.ts';
import { startTest } from '../gate/error-budget.ts';
import { varianceOf } from '../gate/histogram-error.ts';
import { isLabelled } from '../gate/pair-differences.ts';
import type { TrafficFigures } from '../gate/proof-forecast.ts';
import { alarmReserve } from '../gate/purse.ts';
import { sliceLedger } from '../gate/slice-ledgers.ts';
import { termsOfTest } from '../gate/terms-of-test.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';

const dayMs = 86_400_000;

/** How far back traffic is looked at, and requests at most. */
const lookBackMs = 7 * dayMs;
const tracesMax = 5_000;

/** Pairs, or rewards, below which a variance is not taken from them. */
const countMin = 30;

/** Right or wrong, one answer in five differing: what is assumed where nothing is known. */
const varianceAssumed = 0.2;

/** Figures of a task's traffic with where its variance comes from, in words. */
export interface ReadTraffic {
  readonly figures: TrafficFigures;
  readonly varianceFrom: string;
}

/** What the store knows of a task's traffic, for `forecastProof`. */
export async function readTraffic(
  store: Pick<Store, 'readTraces' | 'readCampaigns' | 'readLedger' | 'readGateState'>,
  { task, plan }: Pick<TaskSnapshot, 'task' | 'plan'>,
  nowMs: number,
): Promise<ReadTraffic> {
  const { config } = task;
  const traces = await store.readTraces({
    taskId: task.id,
    afterMs: nowMs - lookBackMs,
    baselineVersion: plan.baselineVersion,
    order: 'newest',
    limit: tracesMax,
  });
  const oldestMs = traces.at(-1)?.decision.atMs ?? nowMs;
  const days = Math.max(nowMs - oldestMs, 1) / dayMs;
  const graded = conversationsOf(traces.filter(({ expected }) => isLabelled(config, expected)));
  const campaigns = await store.readCampaigns(task.id, 'all');
  const ledger = mergeLedgers(await Promise.all(campaigns.map(async ({ id }) => await store.readLedger(id))));
  const { variance, varianceFrom } = scoreVariance(ledger[primaryLedger] ?? {}, traces);
  const terms = termsOfTest(config);
  const budget = (await store.readGateState(task.id))?.errorBudget ?? { tests: 0, promotionsInBlock: 0 };
  const shareOf = (segment: string): number =>
    graded.length === 0
      ? 0
      : graded.filter(({ decision }) => decision.segment === segment).length / graded.length;
  return {
    varianceFrom,
    figures: {
      gradedPerDay: graded.length / days,
      affordedPerDay: affordedPerDay(task.config, traces),
      variance,
      alphaLevel: startTest(budget, 'forecast', config.gate).alphaLevel,
      isStrict: terms.isStrict,
      conditions: [
        ...terms.guardrails
          .filter(({ isRequired }) => isRequired)
          .map(({ name, margin }) => ({
            name,
            margin,
            variance: knownVariance(ledger[name] ?? {}) ?? 0,
            share: 1,
          })),
        ...terms.slices.map(({ name, margin }) => ({
          name: sliceLedger(name),
          margin,
          variance: knownVariance(ledger[sliceLedger(name)] ?? {}) ?? variance,
          share: shareOf(name),
        })),
      ],
    },
  };
}

/** One request of each conversation. */
function conversationsOf(traces: readonly Trace[]): readonly Trace[] {
  return [...new Map(traces.map((trace) => [trace.decision.episodeId, trace])).values()];
}

function mergeLedgers(ledgers: readonly Ledger[]): Ledger {
  const merged: Record<string, Histogram> = {};
  for (const ledger of ledgers)
    for (const [name, histogram] of Object.entries(ledger))
      merged[name] = mergeHistograms(merged[name] ?? {}, histogram);
  return merged;
}

function knownVariance(histogram: Histogram): number | null {
  return countOf(histogram) >= countMin ? varianceOf(histogram) : null;
}

function scoreVariance(
  primary: Histogram,
  traces: readonly Trace[],
): { readonly variance: number; readonly varianceFrom: string } {
  const ofPairs = knownVariance(primary);
  if (ofPairs !== null && ofPairs > 0) return { variance: ofPairs, varianceFrom: 'of earlier pairs' };
  const rewards = traces.flatMap(({ reward }) => reward ?? []);
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const ofRewards = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / (rewards.length - 1);
  // Var D = 2·Var R·(1 − ρ); two answers to one request go together, by about a half.
  if (rewards.length >= countMin && ofRewards > 0)
    return { variance: ofRewards, varianceFrom: 'guessed from rewards' };
  return { variance: varianceAssumed, varianceFrom: 'assumed' };
}

/** Pairs a day for one of as many campaigns as may be open, which share the incumbent's answers. */
function affordedPerDay(
  { budget, learner }: TaskSnapshot['task']['config'],
  traces: readonly Trace[],
): number {
  const answers = learner.openCampaignsMax + 1;
  const costs = traces.flatMap(({ decision }) => decision.costUsd ?? []);
  const cost = costs.reduce((sum, usd) => sum + usd, 0) / Math.max(1, costs.length);
  const byMoney = cost > 0 ? budget.usdPerDay / cost : Infinity;
  return ((1 - alarmReserve) * Math.min(budget.shadowRequestsPerDay, byMoney)) / answers;
}
