import { describe, expect, it } from 'vitest';
import { isChat, type AgentRequest } from '../domain/agent-request.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { costUsd, defaultPrice } from '../domain/price.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { dayOf } from '../domain/spend.ts';
import { literalSkeleton } from '../domain/skeleton.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { createGate, runGateCycle } from './cycle.ts';
import type { GateDeps, GateReport } from './gate-deps.ts';
import { createSmallAgent, taskId, type SmallAgent } from './small-agent.case.ts';

const say = (text: string): Edit => ({ op: 'insert', text, intent: `say ${text}` });
const good = say('Choose one of the queues.');
const better = say('Read twice.');
const bad = say('Be thorough.');
const idle = say('Be polite.');

/** Each phrase adds to the chance of a right answer. */
function byPhrase(effects: Readonly<Record<string, number>>): (prompt: string) => number {
  return (prompt) =>
    Object.entries(effects).reduce(
      (sum, [phrase, effect]) => sum + (prompt.includes(phrase) ? effect : 0),
      0.6,
    );
}

const phrases = byPhrase({ 'Choose one': 0.15, 'Read twice': 0.12, thorough: -0.15 });

async function run(agent: SmallAgent, requests: number): Promise<GateReport[]> {
  const reports: GateReport[] = [];
  for (let done = 0; done < requests; done += 50) {
    await agent.serve(50);
    reports.push(await runGateCycle(agent.deps));
  }
  return reports;
}

async function campaigns(agent: SmallAgent): Promise<readonly Campaign[]> {
  return await agent.store.readCampaigns(taskId, 'all');
}

/** Runs until a campaign has left these states. */
async function runUntil(
  agent: SmallAgent,
  isDone: () => Promise<boolean>,
  requestsMax = 6000,
): Promise<void> {
  for (let done = 0; done < requestsMax && !(await isDone()); done += 50) await run(agent, 50);
  expect(await isDone()).toBe(true);
}

async function stateOf(agent: SmallAgent, id: string): Promise<string | undefined> {
  return (await agent.store.readCampaign(id))?.state;
}

async function promotedAgent(
  settings: Partial<Parameters<typeof createSmallAgent>[0]> = {},
): Promise<{ agent: SmallAgent; campaign: Campaign }> {
  const agent = await createSmallAgent({ seed: 1, quality: phrases, ...settings });
  await agent.serve(200);
  const campaign = await agent.propose([good]);
  await runUntil(agent, async () => (await stateOf(agent, campaign.id)) === 'promoted');
  return { agent, campaign };
}

describe('gate cycle', () => {
  it('proves the edits of an agent that asks for responses on responses', async () => {
    const agent = await createSmallAgent({ seed: 1, quality: phrases, speaksResponses: true });
    const asked: AgentRequest[] = [];
    const model: GateDeps['model'] = {
      complete: async (request) => {
        asked.push(request);
        return agent.deps.model.complete(request);
      },
    };
    const watched: SmallAgent = { ...agent, deps: { ...agent.deps, model } };
    await agent.serve(200);
    const campaign = await agent.propose([good]);
    await runUntil(watched, async () => (await stateOf(agent, campaign.id)) === 'promoted');
    expect(asked.length).toBeGreaterThan(100);
    expect(new Set(asked.map(({ instructions }) => instructions)).size).toBe(2);
    for (const request of asked) {
      expect(isChat(request)).toBe(false);
      expect(request).toEqual({
        model: 'agent',
        instructions: expect.stringContaining('You sort support tickets.'),
        input: expect.stringContaining('ticket'),
        store: false,
      });
    }
  });

  it('promotes a good edit, by way of a canary, on fresh requests alone', async () => {
    const { agent, campaign } = await promotedAgent();
    const promoted = await agent.store.readCampaign(campaign.id);
    expect(promoted?.history.map(({ to }) => to)).toEqual(['screened', 'shadow', 'canary', 'promoted']);
    expect(promoted?.verdict?.kind).toBe('promote');
    const { plan } = await agent.snapshot();
    expect(plan).toMatchObject({ incumbentId: campaign.proposal.variant.id, cause: { kind: 'promoted' } });
    const plans = await agent.store.readPlans(taskId, 10);
    expect(plans.map(({ cause }) => cause.kind)).toEqual(['promoted', 'canary-started', 'first']);
    expect((await agent.store.readGateState(taskId))?.errorBudget).toMatchObject({
      tests: 1,
      promotionsInBlock: 1,
    });
  });

  it('pays for no answer twice', async () => {
    const { agent } = await promotedAgent();
    expect(Math.max(...agent.calls.values())).toBe(1);
    const { shadowRequests, usd } = await agent.store.readTotalSpend(taskId);
    expect(shadowRequests).toBe(agent.calls.size);
    expect(usd).toBeGreaterThan(0);
  });

  it('rejects a harmful edit before any user sees it', async () => {
    const agent = await createSmallAgent({ seed: 2, quality: phrases });
    await agent.serve(200);
    const { id } = await agent.propose([bad]);
    await runUntil(agent, async () => (await stateOf(agent, id)) === 'rejected');
    expect(await agent.store.readPlans(taskId, 10)).toHaveLength(1);
  });

  it('tells a harmful edit by fresh requests where there are no past ones', async () => {
    const agent = await createSmallAgent({ seed: 3, quality: phrases });
    const { id } = await agent.propose([bad]);
    await runUntil(agent, async () => (await stateOf(agent, id)) === 'rejected');
    const rejected = await agent.store.readCampaign(id);
    expect(rejected?.history.at(-1)?.from).toBe('shadow');
    expect(rejected?.verdict?.evidence.meanDifference).toBeLessThan(-0.05);
    expect((await agent.store.readGateState(taskId))?.radius).toBeLessThan(0.25);
  });

  it('never promotes an edit that does nothing', async () => {
    const agent = await createSmallAgent({ seed: 4, quality: phrases });
    const { id } = await agent.propose([idle]);
    await runUntil(agent, async () =>
      ['rejected', 'inconclusive'].includes((await stateOf(agent, id)) ?? ''),
    );
    expect(await agent.store.readPlans(taskId, 10)).toHaveLength(1);
  });

  it('does not let an oversized edit reach any model', async () => {
    const agent = await createSmallAgent({ seed: 5, quality: phrases });
    await agent.serve(100);
    const { id } = await agent.propose([say('Choose one. '.repeat(100))]);
    await runGateCycle(agent.deps);
    expect((await agent.store.readCampaign(id))?.history.at(-1)).toMatchObject({
      to: 'rejected',
      reason: expect.stringMatching(/^edit-tokens is \d+, at most \d+ is allowed; tokens-over-parent is/),
    });
    expect(agent.calls.size).toBe(0);
  });

  it('restarts what was under test on the new incumbent, and stacks one good edit on the other', async () => {
    const agent = await createSmallAgent({ seed: 6, quality: phrases });
    await agent.serve(200);
    const first = await agent.propose([good]);
    const second = await agent.propose([better]);
    await runUntil(
      agent,
      async () => {
        const all = await campaigns(agent);
        return all.filter(({ state }) => state === 'promoted').length === 2;
      },
      12_000,
    );
    const all = await campaigns(agent);
    const ended = all.find(({ state }) => state === 'inconclusive');
    expect(ended?.history.at(-1)?.reason).toBe('incumbent changed');
    const rebased = all.find(({ proposal }) => proposal.originCampaignId === ended?.id);
    expect(rebased).toMatchObject({ state: 'promoted', proposal: { optimizer: 'rebase' } });
    expect(rebased?.proposal.variant.edits).toHaveLength(2);
    const { plan } = await agent.snapshot();
    expect(plan.incumbentId).toBe(rebased?.proposal.variant.id);
    expect([first.id, second.id]).toContain(ended?.id);
  });

  it('waits for a person where the task says so, without further cost', async () => {
    const config = { gate: { ...defaultTaskConfig.gate, approve: 'manual' as const } };
    const agent = await createSmallAgent({ seed: 1, quality: phrases, config });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    await runUntil(agent, async () => (await agent.store.readCampaign(id))?.verdict?.kind === 'promote');
    const paid = agent.calls.size;
    const before = await agent.store.readCampaign(id);
    await run(agent, 500);
    expect(agent.calls.size).toBe(paid);
    expect(await agent.store.readCampaign(id)).toEqual(before);
    expect(await agent.store.readPlans(taskId, 10)).toHaveLength(1);
  });

  it('serves the new prompt alone when the developer ships one, and ends what was under way', async () => {
    const { agent } = await promotedAgent();
    const open = await agent.propose([good, better]);
    await run(agent, 100);
    await agent.store.saveBaseline(taskId, {
      version: 2,
      skeleton: literalSkeleton('Another prompt.'),
      stableFor: 1,
    });
    await runGateCycle(agent.deps);
    const { plan } = await agent.snapshot();
    expect(plan).toMatchObject({
      baselineVersion: 2,
      incumbentId: 'baseline',
      cause: { kind: 'baseline-changed' },
    });
    expect(plan.arms).toHaveLength(1);
    expect(await stateOf(agent, open.id)).toBe('inconclusive');
  });

  it('stays within the day’s budget, and goes on the next day', async () => {
    const config = { budget: { usdPerDay: 5, shadowRequestsPerDay: 100, exploreShare: 0.1 } };
    const agent = await createSmallAgent({ seed: 1, quality: phrases, config });
    const { id } = await agent.propose([good]);
    await run(agent, 4000);
    const today = dayOf(agent.deps.clock.now());
    const days = [today - 2, today - 1, today];
    const spends = await Promise.all(days.map(async (day) => await agent.store.readSpend(taskId, day)));
    expect(spends.map(({ shadowRequests }) => shadowRequests <= 100)).toEqual([true, true, true]);
    expect(spends[0]?.shadowRequests).toBe(100);
    expect(spends[1]?.shadowRequests).toBe(100);
    expect(await stateOf(agent, id)).toBe('shadow');
  });

  it('stops within a cycle when the day’s money is gone', async () => {
    const usdPerCall = costUsd({ inputTokens: 40, outputTokens: 2 }, defaultPrice);
    const budget = { usdPerDay: 10 * usdPerCall, shadowRequestsPerDay: 2000, exploreShare: 0.1 };
    const agent = await createSmallAgent({ seed: 1, quality: phrases, config: { budget } });
    await agent.serve(200);
    await agent.propose([good]);
    await runGateCycle(agent.deps);
    const { usd } = await agent.store.readSpend(taskId, dayOf(agent.deps.clock.now()));
    expect(usd).toBeGreaterThan(0);
    // What is under way when the money runs out is paid for.
    expect(usd).toBeLessThan((10 + 4) * usdPerCall);
  });

  it('counts calls that were sent and not answered in time, so that they end with the day’s budget', async () => {
    const budget = { usdPerDay: 5, shadowRequestsPerDay: 20, exploreShare: 0.1 };
    const agent = await createSmallAgent({ seed: 1, quality: phrases, config: { budget } });
    await agent.serve(100);
    await agent.propose([good]);
    let sent = 0;
    agent.failWith(() => {
      sent++;
      throw new RatchetError('upstream_timeout', 'late', { isRetryable: true });
    });
    for (let cycle = 0; cycle < 40; cycle++) await runGateCycle(agent.deps);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThanOrEqual(20);
    const { usd } = await agent.store.readSpend(taskId, dayOf(agent.deps.clock.now()));
    expect(usd).toBeGreaterThan(0);
  });

  it('takes a failing upstream for missing evidence, never for bad answers', async () => {
    const agent = await createSmallAgent({ seed: 1, quality: phrases });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    await run(agent, 100);
    const before = await agent.store.readLedger(id);
    agent.failWith(() => {
      throw new RatchetError('upstream_unreachable', 'down', { isRetryable: true });
    });
    const reports = await run(agent, 300);
    expect(await agent.store.readLedger(id)).toEqual(before);
    expect(reports.every(({ failures }) => failures === 0)).toBe(true);
    agent.failWith(undefined);
    await runUntil(agent, async () => (await stateOf(agent, id)) === 'promoted');
  });

  it('lets two workers run at once: the slower one reads again', async () => {
    const agent = await createSmallAgent({ seed: 1, quality: phrases });
    await agent.serve(200);
    const { id } = await agent.propose([good]);
    for (let cycle = 0; cycle < 60; cycle++) {
      await agent.serve(50);
      await Promise.all([runGateCycle(agent.deps), runGateCycle(agent.deps)]);
    }
    expect(await stateOf(agent, id)).toBe('promoted');
    const plans = await agent.store.readPlans(taskId, 10);
    expect(plans.map(({ cause }) => cause.kind)).toEqual(['promoted', 'canary-started', 'first']);
  });

  it('runs the cycles of one gate one after another', async () => {
    const agent = await createSmallAgent({ seed: 1, quality: phrases });
    await agent.serve(100);
    const gate = createGate(agent.deps);
    const [one, other] = await Promise.all([gate.runCycle(), gate.runCycle()]);
    expect(one).toBe(other);
    expect(one.tasks).toBe(1);
  });
});
