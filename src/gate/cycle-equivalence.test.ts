import { describe, expect, it } from 'vitest';
import { approveCampaign, isAwaitingApproval, rejectByHand } from '../domain/approval.ts';
import type { Campaign } from '../domain/campaign.ts';
import { textOf } from '../domain/chat.ts';
import { conversationOf } from '../domain/agent-request.ts';
import type { Edit } from '../domain/edit.ts';
import { countOf } from '../domain/histogram.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import { runGateCycle } from './cycle.ts';
import type { GateDeps } from './gate-deps.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';
import { testOf } from './test-of.ts';
import { judgeLedgers } from './verdict.ts';

const say = (text: string): Edit => ({ op: 'insert', text, intent: `say ${text}` });
const good = say('Choose one of the queues.');
const filler = say('Please be so kind as to be as polite as you can in all that you do, at all times.');
const chatter = say('It is a fine day today, and we all hope that it will be a fine day tomorrow as well.');

const quality = (prompt: string): number => 0.5 + (prompt.includes('Choose one') ? 0.2 : 0);

async function agentWith(gate: Partial<TaskConfig['gate']>): Promise<SmallAgent> {
  const config = { gate: { ...defaultTaskConfig.gate, ...gate } };
  const agent = await createSmallAgent({ seed: 5, quality, config });
  // Longer prompts take more tokens, as they do.
  const model: GateDeps['model'] = {
    complete: async (request, ...rest) => {
      const found = await agent.deps.model.complete(request, ...rest);
      const inputTokens = conversationOf(request).reduce(
        (sum, { content }) => sum + textOf(content).length,
        0,
      );
      return { ...found, usage: { ...found.usage, inputTokens } };
    },
  };
  return { ...agent, deps: { ...agent.deps, model } };
}

async function runUntil(agent: SmallAgent, id: string, states: readonly string[]): Promise<Campaign> {
  for (let round = 0; round < 120; round++) {
    const campaign = await agent.store.readCampaign(id);
    if (campaign !== undefined && states.includes(campaign.state)) return campaign;
    await agent.serve(50);
    await runGateCycle(agent.deps);
  }
  throw new Error(`campaign ${id} is none of ${states.join(', ')}`);
}

async function proposePruned(agent: SmallAgent, edits: readonly Edit[]): Promise<Campaign> {
  const campaign = await agent.propose(edits, `prune-${edits.length}`);
  const { proposal } = campaign;
  const pruning = { ...campaign, revision: 2, proposal: { ...proposal, purpose: 'prune' as const } };
  expect(await agent.store.commitGate({ taskId, campaigns: [pruning] })).toBe('committed');
  return pruning;
}

describe('pruning', () => {
  it('is promoted where it loses nothing and saves tokens, and is held against the best there has been', async () => {
    const agent = await agentWith({ margin: 0.15, block: 1, isEditSizeLimited: false });
    await agent.serve(200);
    const first = await agent.propose([good, filler, chatter]);
    await runUntil(agent, first.id, ['promoted']);

    const second = await proposePruned(agent, [good, filler]);
    const pruned = await runUntil(agent, second.id, ['promoted', 'rejected', 'inconclusive']);
    expect(pruned).toMatchObject({ state: 'promoted', terms: { mode: 'equivalence', anchorId: null } });
    const evidence = pruned.verdict?.evidence;
    expect(evidence?.equivalence?.secondary.meanDifference).toBeGreaterThan(0.1);
    expect(evidence?.logSuperiority).toBeLessThan(evidence?.logThreshold ?? 0);

    // The incumbent is only no worse, so the anchor is still the one before it.
    const third = await proposePruned(agent, [good]);
    const again = await runUntil(agent, third.id, ['promoted', 'canary', 'rejected', 'inconclusive']);
    expect(again.terms).toMatchObject({ mode: 'equivalence', anchorId: first.proposal.variant.id });
    const ledger = await agent.store.readLedger(third.id);
    expect(countOf(ledger['anchor'] ?? {})).toBe(countOf(ledger['primary'] ?? {}));
    expect(countOf(ledger['anchor'] ?? {})).toBeGreaterThan(30);
  });
});

describe('approve: manual', () => {
  it('holds what passed until a person lets it serve, and counts it in the error budget only then', async () => {
    const agent = await agentWith({ approve: 'manual' });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    let held: Campaign | undefined;
    for (let round = 0; round < 40 && held === undefined; round++) {
      await agent.serve(50);
      await runGateCycle(agent.deps);
      const campaign = await agent.store.readCampaign(id);
      if (campaign !== undefined && isAwaitingApproval(campaign)) held = campaign;
    }
    const asked = agent.calls.size;
    await agent.serve(100);
    await runGateCycle(agent.deps);
    if (held === undefined) throw new Error('it has not passed');
    expect(agent.calls.size).toBe(asked);
    expect((await agent.snapshot()).plan.arms).toHaveLength(1);
    expect((await agent.store.readGateState(taskId))?.errorBudget.promotionsInBlock).toBe(0);

    const approved = approveCampaign(held, 'ada', agent.deps.clock.now());
    const rejected = rejectByHand(held, 'bob', { reason: 'no', atMs: agent.deps.clock.now() });
    if (approved.kind === 'refused' || rejected.kind === 'refused') throw new Error('refused');
    expect(await agent.store.commitGate({ taskId, campaigns: [approved.campaign] })).toBe('committed');
    // Whoever decided on what has changed since is told so.
    expect(await agent.store.commitGate({ taskId, campaigns: [rejected.campaign] })).toBe('conflict');
    expect(approveCampaign(approved.campaign, 'bob', 0)).toMatchObject({ kind: 'refused' });

    await runGateCycle(agent.deps);
    const serving = await agent.store.readCampaign(id);
    expect(serving).toMatchObject({ state: 'canary', approval: { by: 'ada' } });
    expect(serving?.history.at(-1)?.reason).toMatch(/approved by ada/);
    expect((await agent.store.readGateState(taskId))?.errorBudget.promotionsInBlock).toBe(1);
    // The verdict stands in the ledger.
    const ledger = await agent.store.readLedger(id);
    const { task } = await agent.snapshot();
    expect(judgeLedgers(ledger, testOf(held, task.config)).verdict).toEqual(held.verdict);
  });
});
