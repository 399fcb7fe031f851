import type { Campaign } from '../../domain/campaign.ts';
import type { Trace } from '../../domain/trace.ts';
import { compareWithAnchor, readAnchors, variantsToAnswer, type Anchors } from '../anchor-runs.ts';
import { outcomeFor, type ReplayOutcome } from '../answer-requests.ts';
import { startStep } from '../campaign-telemetry.ts';
import { freshRequests, isCompany, type WantedRequest } from '../fresh-requests.ts';
import { enterBlocks } from '../judge-blocks.ts';
import { judgedPairOf, judgePairs } from '../judge-pairs.ts';
import { isLabelled } from '../pair-differences.ts';
import { alarmReserve, type Reserve } from '../purse.ts';
import type { Replay } from '../replay-plan.ts';
import { answerAndGrade } from '../remote-grades.ts';
import type { Session } from '../session.ts';
import { incumbentOf, isAlarmed, type TaskView } from '../task-view.ts';
import { unitPairs, type Replayed } from '../unit-pairs.ts';
import type { Step } from './step.ts';

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
  const anchors = await readAnchors(campaigns, view, session.deps.store);
  const outcomes = await answerWanted(wanted, anchors, view, session);
  for (const campaign of campaigns) {
    const span = startStep(session.deps, view, campaign, 'gate.shadow');
    const ids = [incumbent.id, campaign.proposal.variant.id, anchors.get(campaign.id)?.id ?? []].flat();
    const asked = wanted.flatMap((request): Asked[] => {
      const { trace, needs } = request;
      const need = needs.find((each) => each.campaign === campaign);
      const outcome = outcomes.get(request);
      if (need === undefined || outcome === undefined) return [];
      return [{ trace, outcome: outcomeFor(outcome, ids), isJudged: need.isJudged }];
    });
    const replayed = await judgeAsked(asked, campaign, view, session);
    const units = unitPairs(campaign.id, replayed, (request) =>
      compareWithAnchor(view.task.config, request, {
        candidateId: campaign.proposal.variant.id,
        incumbentId: incumbent.id,
        anchorId: anchors.get(campaign.id)?.id,
      }),
    );
    const pairs = enterBlocks(units, campaign.judging, session.deps.random);
    if (pairs.length > 0) await session.deps.store.recordPairs(pairs);
    session.tally({ pairs: pairs.length });
    span.end({ pairs: pairs.length });
  }
  session.deps.telemetry.gauge('ratchet.budget.usd_left', session.purse.usdLeft(), { task: view.task.name });
  return null;
};

/** First what can be graded; what only keeps it company must leave half of the day's budget to it. */
async function answerWanted(
  wanted: readonly WantedRequest[],
  anchors: Anchors,
  view: TaskView,
  session: Session,
): Promise<ReadonlyMap<WantedRequest, ReplayOutcome>> {
  const incumbent = incumbentOf(view);
  const answer = async (requests: readonly WantedRequest[], reserve: Reserve) => {
    const replays = requests.map(({ trace, needs }): Replay => ({
      trace,
      variants: variantsToAnswer(
        incumbent,
        needs.map(({ campaign }) => campaign),
        anchors,
      ),
    }));
    const outcomes = await answerAndGrade(view, session, replays, reserve);
    return requests.flatMap((request, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [[request, outcome] as const];
    });
  };
  const reserve = reserveOf(view);
  const graded = await answer(
    wanted.filter((request) => !isCompany(request)),
    reserve,
  );
  const company = await answer(wanted.filter(isCompany), Math.max(reserve, companyReserve));
  return new Map([...graded, ...company]);
}

interface Asked {
  readonly trace: Trace;
  readonly outcome: ReplayOutcome;
  readonly isJudged: boolean;
}

/** Share of the day's budget that requests without ground truth leave to those with it. */
const companyReserve: Reserve = 0.5;

/** Adds what the judges say, where they are to be asked. */
async function judgeAsked(
  asked: readonly Asked[],
  { proposal }: Campaign,
  view: TaskView,
  session: Session,
): Promise<readonly Replayed[]> {
  const toJudge = asked.flatMap(({ trace, outcome, isJudged }) => {
    const pair = isJudged
      ? judgedPairOf(trace, outcome, proposal.variant.id, incumbentOf(view).id)
      : undefined;
    return pair === undefined ? [] : [{ trace, pair }];
  });
  const pairs = toJudge.map(({ pair }) => pair);
  const comparisons = await judgePairs(view, session, pairs, reserveOf(view));
  const byTrace = new Map(toJudge.map(({ trace }, index) => [trace, comparisons[index] ?? []]));
  return asked.map(({ trace, outcome }) => {
    const said = byTrace.get(trace) ?? [];
    const isLate =
      !isLabelled(view.task.config, trace.expected) &&
      said.some(({ comparison }) => comparison.kind === 'skipped');
    // Where nothing else can tell, the judges are all there is, so the conversation waits for them.
    return isLate ? { trace, outcome: { kind: 'skipped' } } : { trace, outcome, comparisons: said };
  });
}

/** A campaign that has what it needs waits for a person or for the canary before it, and costs nothing more. */
function isCollecting({ state, verdict }: Campaign): boolean {
  return state === 'shadow' && verdict?.kind !== 'promote';
}

/** Where nothing but the baseline serves, an alarm has nothing to roll back, and needs no budget. */
function reserveOf({ plan }: TaskView): Reserve {
  return plan.arms.length > 1 ? alarmReserve : 0;
}
