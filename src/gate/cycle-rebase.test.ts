import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import type { Store } from '../store/store.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent, type SmallAgentSettings } from './small-agent.case.ts';

const say = (text: string): Edit => ({ op: 'insert', text, intent: `say ${text}` });
const good = say('Choose one of the queues.');
const better = say('Read twice.');
const signed = say('Sign as the team.');
const idle = say('Be polite.');
const place: Edit = { op: 'replace', find: 'the name of the queue', text: 'one queue', intent: 'short' };

const oldPrompt = 'You sort support tickets. Answer with the name of the queue.';
const newPrompt = 'You sort the mails of our customers, and write nothing else. Be fast.';

/** What the phrases are worth, whichever prompt they stand in. */
const quality: SmallAgentSettings['quality'] = (prompt) =>
  0.6 +
  (prompt.includes('Choose one') ? 0.15 : 0) +
  (prompt.includes('Read twice') ? 0.1 : 0) +
  (prompt.includes('Sign as') ? 0.1 : 0);

async function run(agent: SmallAgent, isDone: () => Promise<boolean>, requestsMax = 12_000): Promise<void> {
  for (let done = 0; done < requestsMax && !(await isDone()); done += 50) {
    await agent.serve(50);
    await runGateCycle(agent.deps);
  }
  expect(await isDone()).toBe(true);
}

async function stateOf(agent: SmallAgent, id: string): Promise<string | undefined> {
  return (await agent.store.readCampaign(id))?.state;
}

async function rebases(agent: SmallAgent, version: number): Promise<readonly Campaign[]> {
  const all = await agent.store.readCampaigns(taskId, 'all');
  return all.filter(
    ({ proposal }) => proposal.optimizer === 'rebase' && proposal.variant.baselineVersion === version,
  );
}

/** An agent whose first good edit has been promoted. */
async function promotedAgent(settings: Partial<SmallAgentSettings> = {}): Promise<{
  readonly agent: SmallAgent;
  readonly promoted: Campaign;
}> {
  const agent = await createSmallAgent({ seed: 1, quality, ...settings });
  await agent.serve(200);
  const promoted = await agent.propose([good]);
  await run(agent, async () => (await stateOf(agent, promoted.id)) === 'promoted');
  return { agent, promoted };
}

describe('a new prompt of the developer', () => {
  it('is served as it is, until what was learned for the old one is proven again', async () => {
    const { agent, promoted } = await promotedAgent();
    const before = await agent.store.readGateState(taskId);
    await agent.ship(newPrompt);
    await runGateCycle(agent.deps);
    expect((await agent.snapshot()).plan).toMatchObject({
      baselineVersion: 2,
      incumbentId: 'baseline',
      arms: [{ variantId: 'baseline' }],
      cause: { kind: 'baseline-changed' },
    });
    await runGateCycle(agent.deps);
    const [rebased] = await rebases(agent, 2);
    expect(rebased).toMatchObject({
      incumbentId: 'baseline',
      proposal: { originCampaignId: promoted.id, variant: { edits: [good], baselineVersion: 2 } },
    });
    await run(agent, async () => (await stateOf(agent, rebased?.id ?? '')) === 'promoted');
    const again = await agent.store.readCampaign(rebased?.id ?? '');
    expect(again?.history.map(({ to }) => to)).toEqual(['screened', 'shadow', 'canary', 'promoted']);
    expect((await agent.snapshot()).plan.incumbentId).toBe(rebased?.proposal.variant.id);
    const after = await agent.store.readGateState(taskId);
    expect(after?.errorBudget.tests).toBe((before?.errorBudget.tests ?? 0) + 1);
    expect(after?.rebase).toMatchObject({ kind: 'done', baselineVersion: 2, campaignIds: [rebased?.id] });
  });

  it('takes over what was on trial too: the canary, and what was in shadow', async () => {
    const { agent, promoted } = await promotedAgent();
    const second = await agent.propose([good, better]);
    await run(agent, async () => (await stateOf(agent, second.id)) === 'canary');
    const third = await agent.propose([good, signed]);
    await runGateCycle(agent.deps);
    expect(await stateOf(agent, third.id)).toBe('shadow');
    await agent.ship(newPrompt);
    await runGateCycle(agent.deps);
    for (const { id } of [second, third])
      expect((await agent.store.readCampaign(id))?.history.at(-1)).toMatchObject({
        to: 'inconclusive',
        reason: 'baseline changed to version 2',
      });
    await runGateCycle(agent.deps);
    const found = (await rebases(agent, 2)).map(({ proposal }) => [
      proposal.originCampaignId,
      proposal.variant.edits,
    ]);
    expect(found).toContainEqual([promoted.id, [good]]);
    expect(found).toContainEqual([second.id, [better]]);
    expect(found).toContainEqual([third.id, [signed]]);
    expect(found).toHaveLength(3);
  });

  it('drops edits that it has itself and edits that have no place in it, and says so', async () => {
    const agent = await createSmallAgent({ seed: 1, quality });
    await agent.serve(200);
    const { id } = await agent.propose([place, good, idle]);
    await run(agent, async () => (await stateOf(agent, id)) === 'promoted');
    await agent.ship(`${newPrompt} Be polite.`);
    await runGateCycle(agent.deps);
    await runGateCycle(agent.deps);
    expect((await rebases(agent, 2)).map(({ proposal }) => proposal.variant.edits)).toEqual([[good]]);
    expect((await agent.store.readGateState(taskId))?.rebase).toMatchObject({
      kind: 'done',
      contained: 1,
      lost: [place],
    });
  });

  it('waits with it until the new prompt has settled, over a further change of the prompt too', async () => {
    const { agent, promoted } = await promotedAgent();
    await agent.ship(newPrompt, 3);
    await runGateCycle(agent.deps);
    await runGateCycle(agent.deps);
    expect(await rebases(agent, 2)).toEqual([]);
    expect((await agent.store.readGateState(taskId))?.rebase).toMatchObject({ kind: 'pending' });
    await agent.ship(`${newPrompt} Really.`, 2);
    await runGateCycle(agent.deps);
    const { task } = await agent.snapshot();
    await agent.store.saveBaseline(taskId, { ...task.baseline, stableFor: 20 });
    await runGateCycle(agent.deps);
    expect(await rebases(agent, 2)).toEqual([]);
    expect((await rebases(agent, 3)).map(({ proposal }) => proposal.originCampaignId)).toEqual([promoted.id]);
  });

  it('carries what it took over on to the next one, while that is under test', async () => {
    const { agent } = await promotedAgent();
    await agent.ship(newPrompt);
    for (let cycle = 0; cycle < 3; cycle += 1) await runGateCycle(agent.deps);
    const [rebased] = await rebases(agent, 2);
    expect(rebased).toBeDefined();
    await agent.ship(oldPrompt);
    for (let cycle = 0; cycle < 2; cycle += 1) await runGateCycle(agent.deps);
    const [back] = await rebases(agent, 3);
    expect(back).toMatchObject({ proposal: { originCampaignId: rebased?.id, variant: { edits: [good] } } });
    await run(agent, async () => (await stateOf(agent, back?.id ?? '')) === 'promoted');
  });

  it('has nothing to take over from a prompt that nothing was learned for', async () => {
    const agent = await createSmallAgent({ seed: 1, quality });
    await agent.serve(50);
    await agent.ship(newPrompt);
    for (let cycle = 0; cycle < 3; cycle += 1) await runGateCycle(agent.deps);
    expect(await agent.store.readCampaigns(taskId, 'all')).toEqual([]);
    expect((await agent.store.readGateState(taskId))?.rebase).toBeUndefined();
  });

  it('does not propose again what did harm so far', async () => {
    const harmful: SmallAgentSettings['quality'] = (prompt) => (prompt.includes('Be polite') ? 0.3 : 0.7);
    const agent = await createSmallAgent({ seed: 3, quality: harmful });
    const { id } = await agent.propose([idle]);
    await agent.serve(4);
    await runGateCycle(agent.deps);
    expect(await stateOf(agent, id)).toBe('shadow');
    await agent.ship(newPrompt);
    for (let cycle = 0; cycle < 3; cycle += 1) await runGateCycle(agent.deps);
    expect(await rebases(agent, 2)).toEqual([]);
  });

  it('begins the same campaigns once, wherever the gate is killed', async () => {
    const kills = fc.record({ seed: fc.nat(1e6), rate: fc.constantFrom(0.01, 0.05) });
    await fc.assert(
      fc.asyncProperty(kills, async ({ seed, rate }) => {
        const random = createSeededRandom(seed);
        let isFragile = false;
        const wrap = (store: Store): Store =>
          new Proxy(store, {
            get: (target, name) => {
              const method: unknown = Reflect.get(target, name);
              if (typeof method !== 'function') return method;
              return async (...given: readonly unknown[]): Promise<unknown> => {
                const die = (): void => {
                  if (isFragile && random.next() < rate)
                    throw new RatchetError('store_unavailable', 'killed', { isRetryable: true });
                };
                die();
                const result: unknown = await Reflect.apply(method, target, given);
                die();
                return result;
              };
            },
          });
        const { agent, promoted } = await promotedAgent({ wrap });
        isFragile = true;
        await agent.ship(newPrompt);
        for (let cycle = 0; cycle < 200; cycle += 1)
          await runGateCycle(agent.deps).catch(() => ({ failures: 1 }));
        isFragile = false;
        await runGateCycle(agent.deps);
        expect((await rebases(agent, 2)).map(({ proposal }) => proposal.originCampaignId)).toEqual([
          promoted.id,
        ]);
        const plans = await agent.store.readPlans(taskId, 50);
        expect(plans.filter(({ cause }) => cause.kind === 'baseline-changed')).toHaveLength(1);
      }),
      { numRuns: 8 },
    );
  });
});
