import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent, type SmallAgentSettings } from './small-agent.case.ts';

const good: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };
const shiftAt = 4000;

async function run(agent: SmallAgent, requests: number): Promise<void> {
  for (let done = 0; done < requests; done += 50) {
    await agent.serve(50);
    await runGateCycle(agent.deps);
  }
}

/** An agent whose good edit serves when the world shifts, at request 4,000, and 3,000 requests after that. */
async function throughShift(
  settings: SmallAgentSettings,
): Promise<{ agent: SmallAgent; campaignId: string }> {
  const agent = await createSmallAgent(settings);
  await agent.serve(200);
  const { id } = await agent.propose([good]);
  await run(agent, shiftAt - 200);
  expect((await agent.store.readCampaign(id))?.state).toBe('promoted');
  await run(agent, 3000);
  return { agent, campaignId: id };
}

/** The edit is worth +.15 before the shift and `after` behind it; `all` is what every prompt loses. */
const quality =
  (after: number, all: number): SmallAgentSettings['quality'] =>
  (prompt, request) => {
    const isAfter = request >= shiftAt;
    const effect = isAfter ? after : 0.15;
    return 0.6 - (isAfter ? all : 0) + (prompt.includes('Choose one') ? effect : 0);
  };

describe('watch over what was promoted', () => {
  it.each([11, 12, 13])('rolls an edit back that a model upgrade turned harmful (seed %i)', async (seed) => {
    const { agent, campaignId } = await throughShift({ seed, quality: quality(-0.25, 0) });
    const events = await agent.store.readWatchEvents(taskId);
    expect(events[0]).toMatchObject({ cause: 'regression', action: 'rolled-back', toVariantId: 'baseline' });
    expect((await agent.store.readCampaign(campaignId))?.state).toBe('rolled-back');
    const { plan } = await agent.snapshot();
    expect(plan.incumbentId).toBe('baseline');
    expect(plan.cause).toMatchObject({ kind: 'rolled-back', reason: 'regression', campaignId });
  });

  it.each([21, 22, 23])('does not roll back when all arms are hurt alike (seed %i)', async (seed) => {
    const { agent, campaignId } = await throughShift({ seed, quality: quality(0.15, 0.25) });
    const events = await agent.store.readWatchEvents(taskId);
    expect(events.length).toBeGreaterThanOrEqual(1);
    expect(new Set(events.map(({ cause }) => cause))).toEqual(new Set(['upstream-drift']));
    expect((await agent.store.readCampaign(campaignId))?.state).toBe('promoted');
  });

  it('raises nothing while nothing changes', async () => {
    const { agent } = await throughShift({ seed: 31, quality: quality(0.15, 0) });
    expect(await agent.store.readWatchEvents(taskId)).toEqual([]);
  });

  it('goes back by what live traffic tells where no replay is possible', async () => {
    const { agent } = await throughShift({
      seed: 43,
      quality: quality(-0.3, 0),
      truth: (request) => (request < shiftAt - 1000 ? 1 : 0),
    });
    const [event] = await agent.store.readWatchEvents(taskId);
    expect(event).toMatchObject({ action: 'rolled-back', toVariantId: 'baseline' });
  });

  it('reports a drift of the baseline itself without anywhere to go', async () => {
    const agent = await createSmallAgent({
      seed: 51,
      quality: (_, request) => (request < 1500 ? 0.8 : 0.5),
    });
    await run(agent, 3000);
    const [event] = await agent.store.readWatchEvents(taskId);
    expect(event).toMatchObject({
      variantId: 'baseline',
      cause: 'upstream-drift',
      action: 'reset',
      toVariantId: null,
    });
    expect(await agent.store.readPlans(taskId, 10)).toHaveLength(1);
  });

  it('takes a canary away that harms live traffic', async () => {
    // In shadow the edit looks good; what real users say of it is another matter.
    const agent = await createSmallAgent({
      seed: 61,
      quality: (prompt) => (prompt.includes('Choose one') ? 0.8 : 0.6),
      live: (right, prompt) => (prompt.includes('Choose one') ? right * 0.2 : right),
    });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    await run(agent, 6000);
    expect((await agent.store.readCampaign(id))?.state).toMatch(/^(rolled-back|inconclusive)$/);
    const { plan } = await agent.snapshot();
    expect(plan.incumbentId).toBe('baseline');
    expect(plan.arms).toHaveLength(1);
  });
});
