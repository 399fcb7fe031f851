import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import type { GraderConfig } from '../domain/grader.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent, type SmallAgentSettings } from './small-agent.case.ts';

const good: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };
const bad: Edit = { op: 'insert', text: 'Be thorough.', intent: 'long' };
const judge: GraderConfig = { kind: 'judge', rubric: 'Is it right?', weight: 1 };
const exact: GraderConfig = { kind: 'exact', against: 'expected', weight: 1 };

function quality(prompt: string): number {
  return 0.6 + (prompt.includes('Choose one') ? 0.25 : 0) - (prompt.includes('thorough') ? 0.3 : 0);
}

async function run(
  edit: Edit,
  settings: Partial<SmallAgentSettings> & { readonly past?: number },
): Promise<{
  agent: SmallAgent;
  state: string | undefined;
  reason: string | undefined;
  from: string | undefined;
}> {
  const { past = 0, ...rest } = settings;
  const agent = await createSmallAgent({ seed: 8, quality, hasJudge: true, ...rest });
  if (past > 0) await agent.serve(past);
  const { id } = await agent.propose([edit]);
  for (let cycle = 0; cycle < 100; cycle++) {
    await agent.serve(100);
    await runGateCycle(agent.deps);
  }
  const campaign = await agent.store.readCampaign(id);
  const last = campaign?.history.at(-1);
  return { agent, state: campaign?.state, reason: last?.reason, from: last?.from };
}

describe('a judge that nobody has calibrated', () => {
  it('rejects a harmful edit where no other grader can tell', async () => {
    const { state, reason } = await run(bad, { config: { graders: [judge] } });
    expect(state).toBe('rejected');
    expect(reason).toMatch(/the judge finds it harmful/);
  });

  it('screens a harmful edit out on past requests without ground truth', async () => {
    const { state, reason, from } = await run(bad, {
      past: 200,
      config: { graders: [exact, judge] },
      truth: () => 0,
    });
    expect([state, from]).toEqual(['rejected', 'screened']);
    expect(reason).toMatch(/held-out-loss/);
  });

  it('never promotes, however good an edit is', async () => {
    const { agent, state, reason } = await run(good, { config: { graders: [judge] } });
    expect(state).toBe('inconclusive');
    expect(reason).toBe('no grader of this task may promote');
    expect(await agent.store.readPlans(taskId, 10)).toHaveLength(1);
    expect((await agent.store.readTotalSpend(taskId)).judgeCalls).toBeLessThan(600);
  });

  it('is asked no more once 30 pairs have ground truth', async () => {
    const { agent, state } = await run(good, { config: { graders: [exact, judge] } });
    expect(state).toBe('promoted');
    expect((await agent.store.readTotalSpend(taskId)).judgeCalls).toBeLessThanOrEqual(160);
  });
});

describe('a task without ground truth and without a judge', () => {
  it('promotes nothing, and gives the test up in the end', async () => {
    const { agent, state } = await run(good, {
      config: { graders: [exact] },
      hasJudge: false,
      truth: () => 0,
    });
    expect(state).toBe('shadow');
    agent.advance(15 * 86_400_000);
    await runGateCycle(agent.deps);
    const [campaign] = await agent.store.readCampaigns(taskId, 'all');
    expect(campaign?.state).toBe('inconclusive');
    expect(agent.calls.size).toBe(0);
  });
});
