import type { Campaign } from '../domain/campaign.ts';
import { countOf, primaryLedger } from '../domain/histogram.ts';
import type { Trace } from '../domain/trace.ts';
import { hasJudge } from './has-judge.ts';
import { canPromote, judgeLedger, needsGroundTruth } from './pair-differences.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { pairsMin } from './verdict.ts';

/** Pairs that the judge is asked about for one campaign, where nothing else can tell. */
export const judgePairsMax = 200;

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
}

/** The oldest requests that any campaign has not counted yet, with the campaigns that need them. */
export async function freshRequests(
  campaigns: readonly Campaign[],
  view: TaskView,
  session: Session,
): Promise<readonly WantedRequest[]> {
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
