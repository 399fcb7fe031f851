import { describe, expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import type { GraderConfig } from '../domain/grader.ts';
import { countOf, primaryLedger, type Ledger } from '../domain/histogram.ts';
import { runGateCycle } from './cycle.ts';
import { freshRequests, type WantedRequest } from './fresh-requests.ts';
import { openSession, type Session } from './session.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';
import { readView, type TaskView } from './task-view.ts';

const graders: readonly GraderConfig[] = [
  { kind: 'exact', against: 'expected', weight: 1 },
  { kind: 'judge', rubric: 'Is it right?', weight: 1 },
];
const weighed = { judgeId: 'j', weight: 0.5, isLearning: false, patienceMs: 600_000, reason: '' };

/** An agent with a campaign in shadow whose judge has this standing, then 100 requests, 15 of them with ground truth. */
async function agentInShadow(
  judging: Campaign['judging'],
  shadowRequestsPerDay: number = 1_000,
): Promise<{ readonly agent: SmallAgent; readonly view: TaskView; readonly session: Session }> {
  const budget = { usdPerDay: 5, shadowRequestsPerDay, exploreShare: 0.1 };
  const truth = (request: number): number => (request % 100 < 85 ? 0 : 1);
  const config = { graders, budget };
  const agent = await createSmallAgent({ seed: 1, quality: () => 0.6, hasJudge: true, truth, config });
  const { id } = await agent.propose([{ op: 'insert', text: 'Be brief.', intent: 'brief' }]);
  while ((await agent.store.readCampaign(id))?.state !== 'shadow') await runGateCycle(agent.deps);
  const campaign = await agent.store.readCampaign(id);
  if (campaign === undefined) throw new Error('the campaign is gone');
  const changed = {
    ...campaign,
    revision: campaign.revision + 1,
    ...(judging === undefined ? {} : { judging }),
  };
  await agent.store.commitGate({ taskId, campaigns: [changed] });
  await agent.serve(100);
  agent.advance(3_600_000);
  const view = await readView(agent.store, taskId);
  if (view === undefined) throw new Error('the task is gone');
  return { agent, view, session: await openSession(agent.deps, view, () => {}) };
}

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

const labels = (wanted: readonly WantedRequest[]): readonly boolean[] =>
  wanted.map(({ trace }) => trace.expected !== null);

describe('freshRequests', () => {
  it('wants what can be graded first, then unlabelled requests to correct it by, newest first', async () => {
    const { view, session } = await agentInShadow(weighed);
    const wanted = await freshRequests(view.campaigns, view, session);
    expect(labels(wanted)).toEqual([...Array(15).fill(true), ...Array(25).fill(false)]);
    expect(wanted.every(({ needs }) => needs[0]?.isJudged === true)).toBe(true);
    const place = ({ trace }: WantedRequest): number => Number(trace.decision.decisionId.slice(1));
    expect(wanted.map(place)).toEqual([...range(85, 99), ...range(60, 84).toReversed()]);
  });

  it('leaves requests alone whose ground truth may still come, and all where the judge has no weight', async () => {
    const patient = await agentInShadow({ ...weighed, patienceMs: 86_400_000 });
    expect(labels(await freshRequests(patient.view.campaigns, patient.view, patient.session))).toEqual(
      Array(15).fill(true),
    );
    const plain = await agentInShadow({ ...weighed, weight: 0 });
    expect(labels(await freshRequests(plain.view.campaigns, plain.view, plain.session))).toEqual(
      Array(15).fill(true),
    );
  });
});

describe('what is fresh', () => {
  const everything = async (agent: SmallAgent, campaign: Campaign): Promise<readonly string[]> => {
    const view = await readView(agent.store, taskId);
    if (view === undefined) throw new Error('the task is gone');
    const session = await openSession(agent.deps, view, () => {});
    const wanted = await freshRequests([campaign], view, session);
    return wanted.map(({ trace }) => trace.decision.decisionId);
  };

  it('is no conversation that an earlier test of the same proposal has counted', async () => {
    const agent = await createSmallAgent({ seed: 1, quality: () => 0.6 });
    const earlier = await agent.propose([{ op: 'insert', text: 'Be brief.', intent: 'brief' }], 'earlier');
    const again = await agent.propose([{ op: 'insert', text: 'Be short.', intent: 'short' }], 'again');
    const later = { ...again, proposal: { ...again.proposal, originCampaignId: earlier.id } };
    await agent.serve(10);
    await agent.store.recordPairs([
      { campaignId: earlier.id, unitId: 'd3', differences: {} },
      { campaignId: later.id, unitId: 'd4', differences: {} },
      { campaignId: 'another', unitId: 'd5', differences: {} },
    ]);
    expect(await everything(agent, later)).toEqual(['d0', 'd1', 'd2', 'd5', 'd6', 'd7', 'd8', 'd9']);
    expect(await everything(agent, again)).toContain('d3');
  });

  it('is no conversation of which the optimizer has seen a request', async () => {
    const agent = await createSmallAgent({ seed: 1, quality: () => 0.6 });
    const proposed = await agent.propose([{ op: 'insert', text: 'Be brief.', intent: 'brief' }]);
    await agent.serve(4);
    const [shown, ...others] = await agent.store.readTraces({ taskId, order: 'oldest', limit: 4 });
    if (shown === undefined) throw new Error('nothing was recorded');
    const laterTurn = {
      ...shown.decision,
      decisionId: 'later',
      atMs: shown.decision.atMs + 1,
      completionId: null,
    };
    await agent.store.recordDecisions([laterTurn]);
    const campaign = { ...proposed, proposal: { ...proposed.proposal, shownDecisionIds: ['d0'] } };
    expect(await everything(agent, proposed)).toContain('later');
    expect(await everything(agent, campaign)).toEqual(others.map(({ decision }) => decision.decisionId));
  });
});

describe('the day’s budget', () => {
  const collected = async (shadowRequestsPerDay: number): Promise<readonly [number, number]> => {
    const { agent, view } = await agentInShadow(weighed, shadowRequestsPerDay);
    await runGateCycle(agent.deps);
    const ledger: Ledger = await agent.store.readLedger(view.campaigns[0]?.id ?? '');
    const labelled = countOf(ledger[primaryLedger] ?? {});
    return [labelled, countOf(ledger['judge'] ?? {}) - labelled];
  };

  it('is half kept for what can be graded', async () => {
    expect(await collected(1_000)).toEqual([15, 25]);
    // 15 labelled pairs take 30 calls; unlabelled ones may only use up half of the 70.
    expect(await collected(70)).toEqual([15, 2]);
    expect(await collected(40)).toEqual([15, 0]);
  });
});
