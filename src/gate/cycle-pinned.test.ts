import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';

const good: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };
const dayMs = 86_400_000;

async function run(agent: SmallAgent, requests: number): Promise<void> {
  for (let done = 0; done < requests; done += 50) {
    await agent.serve(50);
    await runGateCycle(agent.deps);
  }
}

/** Days with nothing but the daily round. */
async function passDays(agent: SmallAgent, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    agent.advance(dayMs + 1);
    await runGateCycle(agent.deps);
  }
}

interface Upstream {
  isNew: boolean;
}

/** An agent with an edit that serves, before a model which says the same in other words once it is new. */
async function serving(upstream: Upstream, pinnedRequests?: number): Promise<SmallAgent> {
  const agent = await createSmallAgent({
    seed: 7,
    quality: (prompt) => (prompt.includes('Choose one') ? 0.85 : 0.6),
    style: () => (upstream.isNew ? ' - I would be glad to help you with anything else' : ''),
    config: {
      gate: {
        ...defaultTaskConfig.gate,
        ...(pinnedRequests === undefined ? {} : { pinnedRequests }),
      },
    },
  });
  await agent.serve(200);
  const { id } = await agent.propose([good]);
  await run(agent, 3800);
  expect((await agent.store.readCampaign(id))?.state).toBe('promoted');
  return agent;
}

const pinnedOf = async (agent: SmallAgent) => (await agent.store.readGateState(taskId))?.pinned;

describe('pinned requests', () => {
  it('tell of a model that changed without a word, within two days', async () => {
    const upstream = { isNew: false };
    const agent = await serving(upstream);
    await passDays(agent, 5);
    expect(await agent.store.readWatchEvents(taskId)).toEqual([]);
    upstream.isNew = true;
    await passDays(agent, 2);
    expect(await agent.store.readWatchEvents(taskId)).toMatchObject([
      { cause: 'upstream-drift', action: 'reset', guard: 'pinned', toVariantId: null },
    ]);
    const state = await agent.store.readGateState(taskId);
    expect(state?.modelChangedAtMs).toBeGreaterThan(agent.deps.clock.now() - 2 * dayMs);
    // Nothing is taken from the arms: that the model is another one says nothing against an edit.
    expect((await agent.snapshot()).plan.incumbentId).not.toBe('baseline');
  });

  it('are remembered by name alone, and another set begins when they have been forgotten', async () => {
    const agent = await serving({ isNew: false });
    const before = await pinnedOf(agent);
    expect(before?.decisionIds).toHaveLength(20);
    expect(JSON.stringify(before)).not.toMatch(/ticket|queue/);
    agent.advance(15 * dayMs);
    for (let round = 0; round < 20; round++) await agent.store.sweep(agent.deps.clock.now());
    await agent.serve(100);
    await runGateCycle(agent.deps);
    const after = await pinnedOf(agent);
    expect(after?.startedAtMs).toBeGreaterThan(before?.startedAtMs ?? Infinity);
    expect(after?.decisionIds.some((id) => before?.decisionIds.includes(id))).toBe(false);
  });

  it('cost one call each a day, and none where the task wants none', async () => {
    const agent = await serving({ isNew: false });
    await passDays(agent, 1);
    const calls = async (): Promise<number> => {
      const spend = await agent.store.readTotalSpend(taskId);
      return spend.shadowRequests;
    };
    const before = await calls();
    await passDays(agent, 3);
    expect((await calls()) - before).toBe(60);
    expect(await pinnedOf(await serving({ isNew: false }, 0))).toBeUndefined();
  });
});
