import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { startGateState, type GateState } from '../domain/gate-state.ts';
import { pinArm } from '../domain/plan-by-hand.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';

const good: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };
const order = { by: 'ada', atMs: 1 };

async function run(agent: SmallAgent, requests: number): Promise<void> {
  for (let done = 0; done < requests; done += 50) {
    await agent.serve(50);
    await runGateCycle(agent.deps);
  }
}

async function setPause(agent: SmallAgent, isPaused: boolean): Promise<void> {
  const stored = (await agent.store.readGateState(taskId)) ?? startGateState;
  const { paused: _, ...running } = stored;
  const next: GateState = {
    ...running,
    revision: stored.revision + 1,
    ...(isPaused ? { paused: order } : {}),
  };
  expect(await agent.store.commitGate({ taskId, gateState: next })).toBe('committed');
}

const quality = (prompt: string): number => (prompt.includes('Choose one') ? 0.75 : 0.6);

describe('learning that a person has stand still', () => {
  it('tests, admits and promotes nothing, and pays for nothing, until it goes on', async () => {
    const agent = await createSmallAgent({ seed: 71, quality });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    await setPause(agent, true);
    await run(agent, 2000);
    expect((await agent.store.readCampaign(id))?.state).toBe('proposed');
    expect(agent.calls.size).toBe(0);
    await setPause(agent, false);
    await run(agent, 4000);
    expect((await agent.store.readCampaign(id))?.state).toBe('promoted');
  });

  it('leaves a canary where it is', async () => {
    const agent = await createSmallAgent({ seed: 72, quality });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    for (let step = 0; step < 60; step++) {
      await run(agent, 50);
      if ((await agent.store.readCampaign(id))?.state === 'canary') break;
    }
    await setPause(agent, true);
    await run(agent, 3000);
    expect((await agent.store.readCampaign(id))?.state).toBe('canary');
    expect((await agent.snapshot()).plan.arms).toHaveLength(2);
  });

  it('stands still too while all traffic is pinned', async () => {
    const agent = await createSmallAgent({ seed: 73, quality });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    const ordered = pinArm((await agent.snapshot()).plan, 'baseline', order);
    if (ordered.kind === 'refused') throw new Error(ordered.reason);
    await agent.store.commitGate({ taskId, plan: ordered.plan });
    await run(agent, 1000);
    expect((await agent.store.readCampaign(id))?.state).toBe('proposed');
  });

  it('still goes back from what a model upgrade turned harmful', async () => {
    const shiftAt = 4000;
    const agent = await createSmallAgent({
      seed: 11,
      quality: (prompt, request) =>
        0.6 + (prompt.includes('Choose one') ? (request < shiftAt ? 0.15 : -0.25) : 0),
    });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    await run(agent, shiftAt - 200);
    expect((await agent.store.readCampaign(id))?.state).toBe('promoted');
    await setPause(agent, true);
    await run(agent, 3000);
    expect((await agent.store.readCampaign(id))?.state).toBe('rolled-back');
  });
});
