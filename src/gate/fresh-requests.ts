import type { Campaign } from '../domain/campaign.ts';
import { countOf, primaryLedger, type Ledger } from '../domain/histogram.ts';
import { jointCount, jointOf } from '../domain/joint-histogram.ts';
import { defaultShadow } from '../domain/task.ts';
import type { Trace } from '../domain/trace.ts';
import { hasJudge } from './has-judge.ts';
import { unlabelledPerLabelMax } from './judge-blocks.ts';
import { judgeLedger, ratingLedgers } from './judge-ledgers.ts';
import { canPromote, needsGroundTruth } from './pair-differences.ts';
import { sampleUnits } from './sample-units.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { pairsMin } from './verdict.ts';

/** Pairs that the judge is asked about for one campaign, where nothing else can tell. */
export const judgePairsMax = 200;

/** Labelled pairs that one campaign shows to the judge to learn what it is worth. */
const learningPairsMax = 200;

/** Requests that are looked at for each one that a cycle may replay, so that there are some of every segment. */
const poolFactor = 4;

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
 * Requests that some campaign has not counted yet, with the campaigns that need them: those that can be graded come
 * first, since nothing tells more, a sample of the oldest by segment (`sampleUnits`); then the newest unlabelled ones,
 * for campaigns whose judge has a weight.
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
  const graded = sampleUnits(
    all.filter((request) => !isCompany(request)),
    {
      requestsMax: session.bounds.shadowRequests,
      turnsMax: (view.task.config.shadow ?? defaultShadow).turnsMax,
    },
  );
  const room = Math.max(0, session.bounds.shadowRequests - graded.length);
  return [...graded, ...all.filter(isCompany).toReversed().slice(0, room)];
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
  const { id, frozenAtMs, judging } = campaign;
  const [line, shown] = await Promise.all([
    lineOf(campaign, deps.store),
    shownEpisodes(campaign, deps.store),
  ]);
  const read = async (
    query: { readonly hasExpected?: boolean; readonly untilMs?: number },
    order: 'oldest' | 'newest' = 'oldest',
    limit: number = poolFactor * bounds.shadowRequests,
  ): Promise<Trace[]> => {
    const traces = await deps.store.readTraces({
      taskId: task.id,
      afterMs: frozenAtMs,
      baselineVersion: plan.baselineVersion,
      notPairedIn: line,
      order,
      limit,
      ...query,
    });
    return traces.filter(({ decision }) => !shown.has(decision.episodeId));
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
          unlabelledPerLabelMax * Math.min(labelled.length, bounds.shadowRequests),
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

/** Campaigns that this one may restart, looked back. */
const lineMax = 20;

/**
 * A campaign and those that it restarts on another incumbent or baseline: a conversation that an earlier test of the
 * same idea has counted says nothing new to a later one.
 */
async function lineOf(
  { id, proposal }: Campaign,
  store: Pick<Session['deps']['store'], 'readCampaign'>,
): Promise<readonly string[]> {
  const line = [id];
  let originId = proposal.originCampaignId;
  while (originId !== null && line.length < lineMax && !line.includes(originId)) {
    line.push(originId);
    originId = (await store.readCampaign(originId))?.proposal.originCampaignId ?? null;
  }
  return line;
}

/** Names of decisions that a store is asked for at a time. */
const namesMax = 500;

/** Conversations of which the optimizer has seen a request; none of their other requests is evidence either. */
async function shownEpisodes(
  { taskId, proposal }: Campaign,
  store: Pick<Session['deps']['store'], 'readTraces'>,
): Promise<ReadonlySet<string>> {
  const decisionIds = proposal.shownDecisionIds.slice(0, namesMax);
  // A request without a conversation is one of its own, by its own name, whether or not it is still recorded.
  if (decisionIds.length === 0) return new Set();
  const shown = await store.readTraces({ taskId, decisionIds, order: 'oldest', limit: namesMax });
  return new Set([...decisionIds, ...shown.map(({ decision }) => decision.episodeId)]);
}

function isStillLearning({ judging }: Campaign, ledger: Ledger): boolean {
  if (judging === undefined || !judging.isLearning) return false;
  return jointCount(jointOf(ledger, ratingLedgers(judging.judgeId).pairs)) < learningPairsMax;
}
