import type { Campaign } from '../domain/campaign.ts';
import { countOf, primaryLedger, type Ledger } from '../domain/histogram.ts';
import { jointCount, jointOf } from '../domain/joint-histogram.ts';
import type { Trace } from '../domain/trace.ts';
import { hasJudge } from './has-judge.ts';
import { unlabelledPerLabelMax } from './judge-blocks.ts';
import { judgeLedger, ratingLedgers } from './judge-ledgers.ts';
import { canPromote, needsGroundTruth } from './pair-differences.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { pairsMin } from './verdict.ts';

/** Pairs that the judge is asked about for one campaign, where nothing else can tell. */
export const judgePairsMax = 200;

/** Labelled pairs that one campaign shows to the judge to learn what it is worth. */
const learningPairsMax = 200;

/** How long ground truth for a request is waited for before the judge is asked instead, milliseconds. */
const truthPatienceMs = 86_400_000;

/** A recorded request with the campaigns that need answers to it. */
export interface WantedRequest {
  readonly trace: Trace;
  readonly needs: readonly Need[];
}

export interface Need {
  readonly campaign: Campaign;
  /** Whether the judge is to compare the answers. */
  readonly isJudged: boolean;
  /** Whether it is wanted only for the judge to correct labelled ones by. */
  readonly isCompany: boolean;
}

/**
 * Requests that some campaign has not counted yet, with the campaigns that need them: the oldest that can be graded
 * come first, since nothing tells more; then the newest unlabelled ones, for campaigns whose judge has a weight.
 */
export async function freshRequests(
  campaigns: readonly Campaign[],
  view: TaskView,
  session: Session,
): Promise<readonly WantedRequest[]> {
  const found = new Map<string, { trace: Trace; needs: Need[] }>();
  for (const campaign of campaigns)
    for (const { trace, ...need } of await freshFor(campaign, view, session)) {
      const { decisionId } = trace.decision;
      const entry = found.get(decisionId) ?? { trace, needs: [] };
      entry.needs.push({ campaign, ...need });
      found.set(decisionId, entry);
    }
  const all = [...found.values()].toSorted(byTime);
  const graded = all.filter((request) => !isCompany(request));
  return [...graded, ...all.filter(isCompany).toReversed()].slice(0, session.bounds.shadowRequests);
}

function byTime(one: WantedRequest, other: WantedRequest): number {
  return one.trace.decision.atMs - other.trace.decision.atMs;
}

/** Whether no campaign wants a request for its own sake. */
export function isCompany({ needs }: WantedRequest): boolean {
  return needs.every((need) => need.isCompany);
}

interface Fresh extends Omit<Need, 'campaign'> {
  readonly trace: Trace;
}

async function freshFor(
  campaign: Campaign,
  { task, plan }: TaskView,
  { deps, bounds }: Session,
): Promise<readonly Fresh[]> {
  const { id, frozenAtMs, proposal, judging } = campaign;
  const shown = new Set(proposal.shownDecisionIds);
  const read = async (
    query: { readonly hasExpected?: boolean; readonly untilMs?: number },
    order: 'oldest' | 'newest' = 'oldest',
    limit: number = bounds.shadowRequests,
  ): Promise<Trace[]> => {
    const traces = await deps.store.readTraces({
      taskId: task.id,
      afterMs: frozenAtMs,
      baselineVersion: plan.baselineVersion,
      notPairedIn: id,
      order,
      limit,
      ...query,
    });
    return traces.filter(({ decision }) => !shown.has(decision.decisionId));
  };
  const nowMs = deps.clock.now();
  const ledger = await deps.store.readLedger(id);
  const isAsking = hasJudge(task.config, deps);
  const isEarly = isAsking && countOf(ledger[primaryLedger] ?? {}) < pairsMin;
  if (canPromote(task.config)) {
    const labelled = await read(needsGroundTruth(task.config) ? { hasExpected: true } : {});
    const isWeighed = isAsking && judging !== undefined && judging.weight > 0;
    // The newest, since they are nearest in time to the labelled ones.
    const company = isWeighed
      ? await read(
          { hasExpected: false, untilMs: nowMs - judging.patienceMs },
          'newest',
          unlabelledPerLabelMax * labelled.length,
        )
      : [];
    const isJudged = isEarly || isWeighed || (isAsking && isStillLearning(campaign, ledger));
    if (labelled.length > 0)
      return [
        ...labelled.map((trace) => ({ trace, isJudged, isCompany: false })),
        ...company.map((trace) => ({ trace, isJudged: true, isCompany: true })),
      ];
  }
  if (!isEarly || countOf(ledger[judgeLedger] ?? {}) >= judgePairsMax) return [];
  return (await read({ untilMs: nowMs - truthPatienceMs })).map((trace) => ({
    trace,
    isJudged: true,
    isCompany: false,
  }));
}

function isStillLearning({ judging }: Campaign, ledger: Ledger): boolean {
  if (judging === undefined || !judging.isLearning) return false;
  return jointCount(jointOf(ledger, ratingLedgers(judging.judgeId).pairs)) < learningPairsMax;
}
