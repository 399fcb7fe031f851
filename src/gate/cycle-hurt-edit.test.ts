import { describe, expect, it } from 'vitest';
import { moveCampaign } from '../domain/campaign.ts';
import { editKey } from '../domain/edit-key.ts';
import type { Edit } from '../domain/edit.ts';
import { makeVariant } from '../domain/variant.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';

const reason: Edit = { op: 'insert', text: 'Think step by step.', intent: 'reason' };
const list: Edit = { op: 'insert', text: 'Choose one of the queues.', intent: 'list' };

async function run(agent: SmallAgent, until: () => Promise<boolean>, requestsMax: number): Promise<void> {
  for (let done = 0; done < requestsMax && !(await until()); done += 50) {
    await agent.serve(50);
    await runGateCycle(agent.deps);
  }
}

describe('a change of the model that hurts one edit of several', () => {
  it.each([1, 2])(
    'is told as a regression of that edit, which is then tried without and leaves (seed %i)',
    async (seed) => {
      let isShifted = false;
      const agent = await createSmallAgent({
        seed,
        quality: (prompt) =>
          0.5 +
          (prompt.includes('step by step') ? (isShifted ? -0.1 : 0.2) : 0) +
          (prompt.includes('Choose one') ? 0.2 : 0),
      });
      const isPromoted = (id: string) => async () =>
        (await agent.store.readCampaign(id))?.state === 'promoted';
      await agent.serve(200);
      const first = await agent.propose([reason]);
      await run(agent, isPromoted(first.id), 6000);
      const second = await agent.propose([reason, list]);
      await run(agent, isPromoted(second.id), 6000);
      await run(agent, async () => false, 1000);

      isShifted = true;
      const hasEvent = async (): Promise<boolean> => (await agent.store.readWatchEvents(taskId)).length > 0;
      await run(agent, hasEvent, 4000);
      const [event] = await agent.store.readWatchEvents(taskId);
      // Going back would cost more than staying: neither the baseline nor the first edit alone is as good.
      expect(event).toMatchObject({
        variantId: second.proposal.variant.id,
        cause: 'regression',
        action: 'reset',
        toVariantId: null,
        editKey: editKey(reason),
      });
      const without = makeVariant(taskId, 1, [list]);
      await run(agent, async () => (await agent.snapshot()).plan.incumbentId === without.id, 6000);
      expect((await agent.snapshot()).plan.incumbentId).toBe(without.id);
    },
  );

  it('leaves the archive to be tried where nothing is better: what served once, tested like any proposal', async () => {
    let request = 0;
    const agent = await createSmallAgent({
      seed: 5,
      quality: (prompt) => (request < 1 ? 0.8 : 0.4) + (prompt.includes('Choose one') ? 0.1 : 0),
    });
    await agent.serve(200);
    const lost = await agent.propose([list]);
    // It served once, and was rolled back under another model.
    let campaign = lost;
    for (const to of ['screened', 'shadow', 'canary', 'promoted', 'rolled-back'] as const) {
      campaign = moveCampaign(campaign, to, { atMs: 1, reason: 'test' });
      await agent.store.commitGate({ taskId, campaigns: [campaign] });
    }
    await run(agent, async () => false, 1500);
    request = 1;
    await run(agent, async () => (await agent.store.readWatchEvents(taskId)).length > 0, 3000);
    await run(agent, async () => false, 100);
    const campaigns = await agent.store.readCampaigns(taskId, 'all');
    expect(campaigns.slice(1)).toMatchObject([
      { incumbentId: 'baseline', proposal: { optimizer: 'archive', variant: lost.proposal.variant } },
    ]);
    expect(campaigns[1]?.frozenAtMs).toBeGreaterThan(lost.frozenAtMs);
  });
});
