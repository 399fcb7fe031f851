import { expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { runGateCycle } from './cycle.ts';
import { trialsOfRequestMax } from './held-out.ts';
import { createSmallAgent } from './small-agent.case.ts';

const bad: Edit = { op: 'insert', text: 'Guess the queue.', intent: 'guess' };
const quality = (prompt: string): number => (prompt.includes('Guess') ? 0.2 : 0.7);

/** From where a harmful edit was rejected, after so many earlier trials that used every past request. */
async function rejectedFrom(trials: number): Promise<string | undefined> {
  let earlier: readonly Campaign[] = [];
  const agent = await createSmallAgent({
    seed: 2,
    quality,
    wrap: (store) => ({
      ...store,
      readCampaigns: async (taskId, which) => {
        const known = await store.readCampaigns(taskId, which);
        return which === 'all' ? [...earlier, ...known] : known;
      },
    }),
  });
  await agent.serve(200);
  const { id } = await agent.propose([bad]);
  const proposed = await agent.store.readCampaign(id);
  if (proposed === undefined) throw new Error('nothing was proposed');
  const check = { limit: 'held-out-loss', value: 1, bound: 0.02, isPassed: false } as const;
  earlier = Array.from({ length: trials }, (_, trial) => ({
    ...proposed,
    id: `earlier-${trial}`,
    state: 'rejected' as const,
    screening: { checks: [check], isPassed: false },
  }));
  for (let cycle = 0; cycle < 60; cycle++) {
    await agent.serve(100);
    await runGateCycle(agent.deps);
    const campaign = await agent.store.readCampaign(id);
    if (campaign?.state === 'rejected') return campaign.history.at(-1)?.from;
  }
  return undefined;
}

it('tries a candidate on past requests that have served in fewer than 25 trials', async () => {
  expect(await rejectedFrom(trialsOfRequestMax - 1)).toBe('screened');
});

it('tries no candidate on past requests that have served in 25: the test on fresh ones has to tell', async () => {
  expect(await rejectedFrom(trialsOfRequestMax)).toBe('shadow');
});
