import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moveCampaign } from '../domain/campaign.ts';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  samplePlan,
  sampleTask,
  sampleVariant,
  startMs,
} from '../store/samples.case.ts';
import type { Store } from '../store/store.ts';
import { openCliWorld, type CliWorld } from './cli-world.case.ts';

let world: CliWorld;
let store: Store;
const run: CliWorld['run'] = async (...words) => world.run(...words);

beforeEach(async () => {
  world = await openCliWorld();
  store = world.store;
  await store.registerTask(sampleTask());
});
afterEach(async () => world.close());

/** An edit that served beside the baseline in 300 episodes: nine in ten were good, without it one in two. */
async function serve(): Promise<void> {
  const variant = sampleVariant();
  let campaign = sampleCampaign('c1', { canary: { startedAtMs: startMs, atFeedback: 0 } });
  await store.addCampaign(campaign);
  for (const to of ['screened', 'shadow', 'canary', 'promoted'] as const) {
    campaign = moveCampaign(campaign, to, { atMs: startMs, reason: 'test' });
    const plan = samplePlan(2, [variant.id], { kind: 'canary-started', campaignId: 'c1' });
    await store.commitGate({
      taskId: 'triage',
      campaigns: [campaign],
      ...(to === 'canary' ? { plan } : {}),
    });
  }
  await store.recordPairs(
    Array.from({ length: 40 }, (_, unit) => ({
      campaignId: 'c1',
      unitId: `u${unit}`,
      differences: { primary: unit % 2 },
    })),
  );
  const decisions = Array.from({ length: 300 }, (_, index) =>
    sampleDecision(`d${index}`, {
      atMs: startMs + 10 + index,
      planVersion: 2,
      variantId: index % 2 === 0 ? variant.id : 'baseline',
    }),
  );
  await store.recordDecisions(decisions);
  await store.recordFeedback(
    decisions.map((decision, index) =>
      sampleFeedback(
        decision,
        { value: index % 2 === 0 ? Number(index % 20 !== 0) : Number(index % 4 === 1) },
        { atMs: startMs + 1000 },
      ),
    ),
  );
}

describe('ratchet credit', () => {
  test('tells what an edit is worth, by name or id of the task', async () => {
    await serve();
    const { code, output } = await run('credit', 'Sort support tickets');
    expect(code).toBe(0);
    expect(output).toMatch(/^300 answered episodes\n/);
    expect(output).toMatch(
      /insert "Answer with one word\." \(shorter\)\n {2}\+0\.4\d\d \[\+0\.\d+, \+0\.\d+\] positive, 150/,
    );
    const whole: unknown = JSON.parse((await run('credit', 'triage', '--json')).output);
    expect(whole).toMatchObject({ taskId: 'triage', episodes: 300, edits: [{ verdict: 'positive' }] });
  });

  test('says plainly that nothing has served, and that there is no such task', async () => {
    expect((await run('credit', 'triage')).output).toBe(
      'no edit has served in the 0 answered episodes at hand\n',
    );
    expect(await run('credit', 'nobody')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/no task/),
    });
  });
});

describe('ratchet report', () => {
  test('puts what came of a promotion beside what it promised', async () => {
    await serve();
    const { code, output } = await run('report', 'triage');
    expect(code).toBe(0);
    expect(output).toMatch(/^c1 {2}promoted {4}shadow \+0\.500 ± 0\.080 \(40 pairs\), live \+0\.4\d\d \[/);
    expect(output).toMatch(/1 of 1 promotions compared: .*of a promised gain 0\.8\d ± 0\.\d+ arrived/);
    expect(JSON.parse((await run('report', 'triage', '--json')).output)).toMatchObject({
      compared: 1,
      harmful: 0,
    });
  });

  test('has nothing to tell before the first promotion', async () => {
    expect((await run('report', 'triage')).output).toBe('nothing has been promoted yet\n');
  });
});
