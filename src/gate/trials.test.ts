import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import type { Trial } from '../domain/gate-state.ts';
import { makeVariant } from '../domain/variant.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';
import { readView, nextGateState, type TaskView } from './task-view.ts';
import { dueTrials, queueTrials, trialCampaign, trialsMax } from './trials.ts';

const insert = (text: string): Edit => ({ op: 'insert', text, intent: 'test' });
const trialOf = (text: string, atMs = 0): Trial => ({
  variant: makeVariant(taskId, 1, [insert(text)]),
  origin: 'archive',
  atMs,
});

async function viewOf(agent: SmallAgent): Promise<TaskView> {
  const view = await readView(agent.store, taskId);
  if (view === undefined) throw new Error('the task is gone');
  return view;
}

describe('trials of the gate', () => {
  it('wait in line, the new ones first, each variant once, not too many', () => {
    const [a, b, c] = [trialOf('a'), trialOf('b'), trialOf('c')];
    expect(queueTrials([a, b], [c, a])).toEqual([c, a, b]);
    const many = Array.from({ length: 20 }, (_, index) => trialOf(`t${index}`));
    expect(queueTrials([], many)).toHaveLength(trialsMax);
  });

  it('are dropped where they have lost their sense', async () => {
    const agent = await createSmallAgent({ seed: 1, quality: () => 0.5 });
    const tried = await agent.propose([insert('tried')]);
    const view = await viewOf(agent);
    const waiting: readonly Trial[] = [
      trialOf('tried'),
      { ...trialOf('x'), variant: makeVariant(taskId, 2, [insert('other baseline')]) },
      { ...trialOf('x'), variant: makeVariant(taskId, 1, [{ op: 'delete', find: 'nowhere', intent: '' }]) },
      { ...trialOf('x'), variant: makeVariant(taskId, 1, []) },
      trialOf('sound'),
    ];
    const { due, left } = dueTrials(waiting, view, [tried]);
    expect(due).toEqual([waiting[4]]);
    expect(left).toEqual([]);
  });

  it('become ordinary campaigns, two at a time, and once each', async () => {
    const agent = await createSmallAgent({ seed: 2, quality: () => 0.5 });
    const view = await viewOf(agent);
    const trials = [trialOf('a'), trialOf('b'), trialOf('c')];
    await agent.store.commitGate({ taskId, gateState: nextGateState(view, { trials }) });
    await runGateCycle(agent.deps);
    const campaigns = await agent.store.readCampaigns(taskId, 'all');
    expect(campaigns.map(({ proposal }) => proposal.variant.id)).toEqual(
      trials.slice(0, 2).map(({ variant }) => variant.id),
    );
    expect(campaigns[0]).toMatchObject({ incumbentId: 'baseline', proposal: { optimizer: 'archive' } });
    await runGateCycle(agent.deps);
    expect(await agent.store.readCampaigns(taskId, 'all')).toHaveLength(2);
    expect((await agent.store.readGateState(taskId))?.trials).toEqual([trials[2]]);
  });

  it('carry their purpose, by which the gate chooses what they have to show', async () => {
    const agent = await createSmallAgent({ seed: 3, quality: () => 0.5 });
    const view = await viewOf(agent);
    expect(trialCampaign({ ...trialOf('a'), purpose: 'prune' }, view, 5).proposal.purpose).toBe('prune');
    expect(trialCampaign(trialOf('a'), view, 5).proposal.purpose).toBeUndefined();
  });
});
