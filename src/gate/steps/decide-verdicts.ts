import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import type { GateState } from '../../domain/gate-state.ts';
import { countOf, type Ledger } from '../../domain/histogram.ts';
import { planWithCanary, withEntryShare } from '../../domain/next-plan.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import { entryShareOf } from '../behaviour.ts';
import { countCampaign, startStep } from '../campaign-telemetry.ts';
import { countPromotion } from '../error-budget.ts';
import { judgePairsMax } from '../fresh-requests.ts';
import { hasJudge } from '../has-judge.ts';
import { judgeLedger } from '../judge-ledgers.ts';
import { canPromote } from '../pair-differences.ts';
import type { Session } from '../session.ts';
import { canaryOf, isAlarmed, nextGateState, type TaskView } from '../task-view.ts';
import { nextRadius } from '../trust-region.ts';
import { testOf } from '../test-of.ts';
import { judgeLedgers, type Judged } from '../verdict.ts';
import { deliveredLevel, startWatch, watchPlan } from '../watch.ts';
import type { Step } from './step.ts';

/** How long a test may wait for its evidence, milliseconds: twice the usual attribution window. */
const shadowMsMax: number = 14 * 86_400_000;

/**
 * Gives every campaign in shadow its verdict. The best of those that passed becomes the canary, unless there is one
 * already; the others wait with their verdict. Where a person is to decide, only what has been approved is among them.
 */
export const decideVerdicts: Step = async (view, session) => {
  const judged: Decided[] = [];
  for (const campaign of view.campaigns.filter(({ state }) => state === 'shadow'))
    judged.push(await decideOne(campaign, view, session));
  const changed = judged.filter(({ isChanged }) => isChanged);
  const admitted = admittedOf(judged, view);
  if (changed.length === 0 && admitted === undefined) return null;
  const radius = judged.reduce(
    (before, { outcome, isEnded }) => (isEnded ? nextRadius(before, outcome) : before),
    view.gateState.radius,
  );
  const campaigns = changed.map(({ campaign }) => campaign).filter(({ id }) => id !== admitted?.id);
  const ended: GateChange = {
    taskId: view.task.id,
    campaigns,
    ...(radius === view.gateState.radius ? {} : { gateState: nextGateState(view, { radius }) }),
  };
  return admitted === undefined ? ended : admit(admitted, ended, view, session);
};

interface Decided {
  /** With its new verdict, and moved where the verdict ends it. */
  readonly campaign: Campaign;
  readonly outcome: Judged['outcome'];
  readonly isChanged: boolean;
  readonly isEnded: boolean;
}

async function decideOne(campaign: Campaign, view: TaskView, session: Session): Promise<Decided> {
  const { deps } = session;
  // A candidate that has passed stays so while it waits: its evidence was taken at a moment that it chose itself.
  if (campaign.verdict?.kind === 'promote')
    return { campaign, outcome: 'neutral', isChanged: false, isEnded: false };
  const ledger = await deps.store.readLedger(campaign.id);
  const judged = judgeLedgers(ledger, testOf(campaign, view.task.config));
  const atMs = deps.clock.now();
  const verdict = hopelessVerdict(campaign, { view, session, ledger, judged, atMs }) ?? judged.verdict;
  const to = endOf(verdict);
  const isChanged = to !== null || JSON.stringify(verdict) !== JSON.stringify(campaign.verdict);
  if (isChanged && verdict.kind !== 'continue') {
    startStep(deps, view, campaign, 'gate.verdict').end({ verdict: verdict.kind, reason: verdict.reason });
    countCampaign(deps, view, verdict.kind);
  }
  if (isShifted(verdict) && !isShifted(campaign.verdict))
    deps.logger.warn('gate.labels-not-at-random', { taskId: view.task.id, campaignId: campaign.id });
  return {
    campaign:
      to === null
        ? { ...campaign, revision: campaign.revision + 1, verdict }
        : moveCampaign(campaign, to, { atMs, reason: verdict.reason, verdict }),
    outcome: judged.outcome,
    isChanged,
    isEnded: to !== null,
  };
}

function isShifted(verdict: Verdict | null): boolean {
  return verdict?.evidence.judge?.isShifted === true;
}

/** Ends a test whose evidence will never come. */
function hopelessVerdict(
  campaign: Campaign,
  given: {
    readonly view: TaskView;
    readonly session: Session;
    readonly ledger: Ledger;
    readonly judged: Judged;
    readonly atMs: number;
  },
): Verdict | undefined {
  const { view, session, ledger, judged, atMs } = given;
  if (judged.verdict.kind !== 'continue') return undefined;
  const { config } = view.task;
  const { evidence } = judged.verdict;
  const judgeMaySpeak = hasJudge(config, session.deps) && countOf(ledger[judgeLedger] ?? {}) < judgePairsMax;
  if (!canPromote(config) && !judgeMaySpeak)
    return { kind: 'inconclusive', reason: 'no grader of this task may promote', evidence };
  const beganMs = campaign.history.at(-1)?.atMs ?? campaign.frozenAtMs;
  if (atMs - beganMs > shadowMsMax)
    return { kind: 'inconclusive', reason: `${evidence.pairs} pairs in 14 days`, evidence };
  return undefined;
}

function endOf({ kind }: Verdict): 'rejected' | 'inconclusive' | null {
  switch (kind) {
    case 'reject':
      return 'rejected';
    case 'inconclusive':
      return 'inconclusive';
    case 'promote':
    case 'continue':
      return null;
  }
}

/** The candidate that may serve next: of those that passed the one with the greatest gain. */
function admittedOf(judged: readonly Decided[], view: TaskView): Campaign | undefined {
  const { plan, task } = view;
  const isBusy = canaryOf(view) !== undefined || isAlarmed(view, plan.incumbentId);
  if (isBusy) return undefined;
  return judged
    .map(({ campaign }) => campaign)
    .filter(({ verdict }) => verdict?.kind === 'promote')
    .filter(({ approval }) => task.config.gate.approve === 'auto' || approval !== undefined)
    .toSorted((one, other) => gainOf(other) - gainOf(one))[0];
}

function gainOf({ verdict }: Campaign): number {
  const { judge, meanDifference } = verdict?.evidence ?? {};
  const corrected = judge?.isShifted === false ? judge.correctedDifference : null;
  return corrected ?? meanDifference ?? 0;
}

function reasonOf({ verdict, approval }: Campaign): string {
  const reason = verdict?.reason ?? 'passed';
  return approval === undefined ? reason : `${reason}; approved by ${approval.by}`;
}

function admit(campaign: Campaign, ended: GateChange, view: TaskView, { deps }: Session): GateChange {
  const { task, gateState, bandit } = view;
  const atMs = deps.clock.now();
  const variantId = campaign.proposal.variant.id;
  const admitting = planWithCanary(view.plan, variantId, campaign.id, atMs);
  const entryShare = entryShareOf(campaign.verdict?.evidence.behaviour);
  const plan = entryShare === null ? admitting : withEntryShare(admitting, variantId, entryShare);
  const stored = view.campaigns.find(({ id }) => id === campaign.id) ?? campaign;
  const canary = moveCampaign(stored, 'canary', {
    atMs,
    reason: reasonOf(campaign),
    verdict: campaign.verdict,
    canary: { startedAtMs: atMs, atFeedback: bandit.feedbacks },
  });
  const watch: GateState['watch'] = gateState.watch ?? startWatch;
  countCampaign(deps, view, 'canary');
  return {
    ...ended,
    campaigns: [...(ended.campaigns ?? []), canary],
    plan,
    gateState: nextGateState(view, {
      ...(ended.gateState === undefined ? {} : { radius: ended.gateState.radius }),
      errorBudget: countPromotion(gateState.errorBudget, campaign.id, task.config.gate),
      watch: watchPlan(watch, plan, { [variantId]: deliveredLevel(watch, view.plan.incumbentId) }),
    }),
  };
}
