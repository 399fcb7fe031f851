import type { Campaign } from '../../domain/campaign.ts';
import { countOf, primaryLedger } from '../../domain/histogram.ts';
import type { Trace } from '../../domain/trace.ts';
import { answerRequests, type Replay } from '../answer-requests.ts';
import { startStep } from '../campaign-telemetry.ts';
import { hasJudge } from '../has-judge.ts';
import { canPromote, judgeLedger, needsGroundTruth } from '../pair-differences.ts';
import { alarmReserve } from '../purse.ts';
import type { Session } from '../session.ts';
import { incumbentOf, isAlarmed, type TaskView } from '../task-view.ts';
import { compareRuns, unitPairs } from '../unit-pairs.ts';
import { pairsMin } from '../verdict.ts';
import type { Step } from './step.ts';

/** Pairs that the judge is asked about for one campaign, where nothing else can tell. */
export const judgePairsMax = 200;

/** How long ground truth for a request is waited for before the judge is asked instead, milliseconds. */
const truthPatienceMs = 86_400_000;

/**
 * Replays fresh requests for all campaigns in shadow: the incumbent answers each request once for all of them. Only
 * requests recorded after a proposal was frozen are evidence for it, each conversation once. Stands back while an
 * alarm on the incumbent is looked into.
 */
export const collectPairs: Step = async (view, session) => {
  const campaigns = view.campaigns.filter(isCollecting);
  if (campaigns.length === 0 || isAlarmed(view, view.plan.incumbentId)) return null;
  const wanted = await freshRequests(campaigns, view, session);
  if (wanted.length === 0) return null;
  const incumbent = incumbentOf(view);
  const replays = wanted.map(({ trace, needs }): Replay => ({
    trace,
    variants: [incumbent, ...needs.map(({ campaign }) => campaign.proposal.variant)],
    isJudged: needs.some(({ isJudged }) => isJudged),
  }));
  const outcomes = await answerRequests(view, session, replays, reserveOf(view));
  for (const campaign of campaigns) {
    const span = startStep(session.deps, view, campaign, 'gate.shadow');
    const replayed = wanted.flatMap(({ trace, needs }, index) => {
      const outcome = outcomes[index];
      const isWanted = needs.some((need) => need.campaign === campaign);
      return isWanted && outcome !== undefined ? [{ trace, outcome }] : [];
    });
    const pairs = unitPairs(campaign.id, replayed, (request) =>
      compareRuns(view.task.config, request, campaign.proposal.variant.id, incumbent.id),
    );
    if (pairs.length > 0) await session.deps.store.recordPairs(pairs);
    session.tally({ pairs: pairs.length });
    span.end({ pairs: pairs.length });
  }
  session.deps.telemetry.gauge('ratchet.budget.usd_left', session.purse.usdLeft(), { task: view.task.name });
  return null;
};

/** A campaign that has what it needs waits for a person or for the canary before it, and costs nothing more. */
function isCollecting({ state, verdict }: Campaign): boolean {
  return state === 'shadow' && verdict?.kind !== 'promote';
}

/** Where nothing but the baseline serves, an alarm has nothing to roll back, and needs no budget. */
function reserveOf({ plan }: TaskView): number {
  return plan.arms.length > 1 ? alarmReserve : 0;
}

interface Need {
  readonly campaign: Campaign;
  readonly isJudged: boolean;
}

interface Wanted {
  readonly trace: Trace;
  readonly needs: readonly Need[];
}

/** The oldest requests that any campaign has not counted yet, with the campaigns that need them. */
async function freshRequests(
  campaigns: readonly Campaign[],
  view: TaskView,
  session: Session,
): Promise<readonly Wanted[]> {
  const found = new Map<string, { trace: Trace; needs: Need[] }>();
  for (const campaign of campaigns) {
    const { traces, isJudged } = await freshFor(campaign, view, session);
    for (const trace of traces) {
      const { decisionId } = trace.decision;
      const entry = found.get(decisionId) ?? { trace, needs: [] };
      entry.needs.push({ campaign, isJudged });
      found.set(decisionId, entry);
    }
  }
  return [...found.values()]
    .toSorted((one, other) => one.trace.decision.atMs - other.trace.decision.atMs)
    .slice(0, session.bounds.shadowRequests);
}

async function freshFor(
  { id, frozenAtMs, proposal }: Campaign,
  { task, plan }: TaskView,
  { deps, bounds }: Session,
): Promise<{ readonly traces: readonly Trace[]; readonly isJudged: boolean }> {
  const shown = new Set(proposal.shownDecisionIds);
  const read = async (query: {
    readonly hasExpected?: boolean;
    readonly untilMs?: number;
  }): Promise<Trace[]> => {
    const traces = await deps.store.readTraces({
      taskId: task.id,
      afterMs: frozenAtMs,
      baselineVersion: plan.baselineVersion,
      notPairedIn: id,
      order: 'oldest',
      limit: bounds.shadowRequests,
      ...query,
    });
    return traces.filter(({ decision }) => !shown.has(decision.decisionId));
  };
  const ledger = await deps.store.readLedger(id);
  const mayJudge = hasJudge(task.config, deps) && countOf(ledger[primaryLedger] ?? {}) < pairsMin;
  if (canPromote(task.config)) {
    const traces = await read(needsGroundTruth(task.config) ? { hasExpected: true } : {});
    if (traces.length > 0) return { traces, isJudged: mayJudge };
  }
  if (!mayJudge || countOf(ledger[judgeLedger] ?? {}) >= judgePairsMax)
    return { traces: [], isJudged: false };
  return { traces: await read({ untilMs: deps.clock.now() - truthPatienceMs }), isJudged: true };
}
