import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import type { ErrorBudget } from '../../domain/gate-state.ts';
import { primaryLedger } from '../../domain/histogram.ts';
import type { Trace } from '../../domain/trace.ts';
import { countCampaign, startStep } from '../campaign-telemetry.ts';
import { startTest } from '../error-budget.ts';
import { heldOutCheck, heldOutPairsMin, heldOutRequests, leastWornSince } from '../held-out.ts';
import { judgeLedger } from '../judge-ledgers.ts';
import { judgedPairOf, judgePairs } from '../judge-pairs.ts';
import { judgingOf } from '../judge-standing.ts';
import { differencesOf, needsGroundTruth } from '../pair-differences.ts';
import { alarmReserve } from '../purse.ts';
import { readAnchorId } from '../read-anchor.ts';
import { readJudge } from '../read-judge.ts';
import { answerAndGrade } from '../remote-grades.ts';
import { screeningOf, screeningReason } from '../screen.ts';
import type { Session } from '../session.ts';
import { hasJudge } from '../has-judge.ts';
import { incumbentOf, isAlarmed, nextGateState, type TaskView } from '../task-view.ts';
import { termsOfTest } from '../terms-of-test.ts';
import type { Step } from './step.ts';

/** How long a proposal waits for its trial on past requests, milliseconds, before it goes on without. */
const waitMsMax = 86_400_000;

/**
 * Tries screened candidates on past requests, then begins the tests of those that did not fall behind: their level is
 * fixed here, out of the error budget. Stands back while an alarm on the incumbent is looked into.
 */
export const tryHeldOut: Step = async (view, session) => {
  if (isAlarmed(view, view.plan.incumbentId)) return null;
  let { errorBudget } = view.gateState;
  const campaigns: Campaign[] = [];
  for (const campaign of view.campaigns.filter(({ state }) => state === 'screened')) {
    const tried = await tryOne(campaign, view, session, errorBudget);
    if (tried === null) continue;
    campaigns.push(tried.campaign);
    errorBudget = tried.errorBudget;
  }
  if (campaigns.length === 0) return null;
  return { taskId: view.task.id, campaigns, gateState: nextGateState(view, { errorBudget }) };
};

interface Tried {
  readonly campaign: Campaign;
  readonly errorBudget: ErrorBudget;
}

async function tryOne(
  campaign: Campaign,
  view: TaskView,
  session: Session,
  errorBudget: ErrorBudget,
): Promise<Tried | null> {
  const { deps } = session;
  const span = startStep(deps, view, campaign, 'gate.screen');
  const { differences, isComplete } = await heldOutDifferences(campaign, view, session);
  const atMs = deps.clock.now();
  const sinceMs = campaign.history.at(-1)?.atMs ?? campaign.frozenAtMs;
  if (!isComplete && atMs - sinceMs < waitMsMax) {
    span.end({ outcome: 'waits', pairs: differences.length });
    return null;
  }
  const check = heldOutCheck(differences);
  const screening = screeningOf([...(campaign.screening?.checks ?? []), ...(check === null ? [] : [check])]);
  const outcome = screening.isPassed ? 'shadow' : 'rejected';
  span.end({ outcome, pairs: differences.length });
  if (!screening.isPassed) {
    countCampaign(deps, view, 'screened-out');
    const reason = `screened out: ${screeningReason(screening)}`;
    return { campaign: moveCampaign(campaign, 'rejected', { atMs, reason, screening }), errorBudget };
  }
  const test = startTest(errorBudget, campaign.id, view.task.config.gate);
  const reason = check === null ? 'too few past requests to try it on' : `held-out-loss is ${check.value}`;
  const { alphaLevel } = test;
  const judge = await readJudge(view, session);
  const judging = judge === undefined ? {} : { judging: judgingOf({ ...judge, alphaLevel }) };
  const terms = termsOfTest(
    view.task.config,
    campaign.proposal.purpose,
    await readAnchorId(view, deps.store),
  );
  const start = { atMs, reason, screening, alphaLevel, terms, ...judging };
  return {
    campaign: moveCampaign(campaign, 'shadow', start),
    errorBudget: test.errorBudget,
  };
}

/** Differences on past requests: by the deterministic graders, where they are silent by the judge. */
async function heldOutDifferences(
  campaign: Campaign,
  view: TaskView,
  session: Session,
): Promise<{ readonly differences: readonly number[]; readonly isComplete: boolean }> {
  const { config } = view.task;
  const incumbent = incumbentOf(view);
  const candidate = campaign.proposal.variant;
  const { traces, isJudged } = await heldOutTraces(campaign, view, session);
  const replays = traces.map((trace) => ({ trace, variants: [incumbent, candidate] }));
  const outcomes = await answerAndGrade(view, session, replays, alarmReserve);
  const answered = outcomes.flatMap((outcome, index) => {
    const trace = traces[index];
    const pair = trace && judgedPairOf(trace, outcome, candidate.id, incumbent.id);
    return trace === undefined || pair === undefined ? [] : [{ ...pair, expected: trace.expected }];
  });
  const comparisons = isJudged ? await judgePairs(view, session, answered, alarmReserve) : [];
  const differences = answered.flatMap((pair, index) => {
    const found = differencesOf(config, { ...pair, comparisons: comparisons[index] ?? [] });
    return found[primaryLedger] ?? found[judgeLedger] ?? [];
  });
  return { differences, isComplete: outcomes.every(({ kind }) => kind !== 'skipped') };
}

async function heldOutTraces(
  { frozenAtMs, proposal }: Campaign,
  { task, plan }: TaskView,
  { deps }: Session,
): Promise<{ readonly traces: readonly Trace[]; readonly isJudged: boolean }> {
  const shown = new Set(proposal.shownDecisionIds);
  const sinceMs = leastWornSince(await deps.store.readCampaigns(task.id, 'all'));
  const read = async (hasExpected: boolean): Promise<readonly Trace[]> => {
    const traces = await deps.store.readTraces({
      taskId: task.id,
      untilMs: frozenAtMs,
      ...(sinceMs === undefined ? {} : { afterMs: sinceMs }),
      baselineVersion: plan.baselineVersion,
      ...(hasExpected ? { hasExpected } : {}),
      order: 'newest',
      limit: heldOutRequests + shown.size,
    });
    return traces.filter(({ decision }) => !shown.has(decision.decisionId)).slice(0, heldOutRequests);
  };
  const traces = await read(needsGroundTruth(task.config));
  const isEnough =
    traces.length >= heldOutPairsMin && task.config.graders.some(({ kind }) => kind !== 'judge');
  if (isEnough || !hasJudge(task.config, deps)) return { traces, isJudged: false };
  return { traces: await read(false), isJudged: true };
}
