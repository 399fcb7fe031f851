import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moveCampaign } from '../domain/campaign.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import { baselineVariantId } from '../domain/variant.ts';
import { testOf } from '../gate/test-of.ts';
import { termsOfTest } from '../gate/terms-of-test.ts';
import { judgeLedgers } from '../gate/verdict.ts';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleTask,
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
  await holdProposal();
});
afterEach(async () => world.close());

/** A proposal that has passed its test with 100 pairs, and waits. */
async function holdProposal(): Promise<void> {
  const sample = sampleTask();
  const gate = { ...sample.config.gate, approve: 'manual' as const, slices: { vip: { margin: 0.1 } } };
  const { latency: _, ...metrics } = sample.config.metrics;
  const task = { ...sample, config: { ...sample.config, metrics, gate } };
  await store.registerTask(task);
  const decision = sampleDecision('d1', { atMs: startMs + 1, segment: 'vip' });
  await store.recordDecisions([decision]);
  const campaign = sampleCampaign('c1');
  await store.addCampaign(campaign);
  const at = { atMs: startMs, reason: 'passed' };
  const screened = moveCampaign(campaign, 'screened', at);
  await store.commitGate({ taskId: task.id, campaigns: [screened] });
  const terms = termsOfTest(task.config);
  const shadow = moveCampaign(screened, 'shadow', { ...at, alphaLevel: 1 / 500, terms });
  await store.commitGate({ taskId: task.id, campaigns: [shadow] });
  const primary = (unit: number): number => (unit < 40 ? 1 : unit < 95 ? 0 : -1);
  await store.recordPairs(
    Array.from({ length: 100 }, (__, unit) => ({
      campaignId: 'c1',
      unitId: `u${unit}`,
      differences: { primary: primary(unit), 'slice:vip': primary(unit), tokens: -0.5, refusal: 0 },
    })),
  );
  const runOf = (variantId: string, text: string, score: number): ShadowRun => ({
    taskId: task.id,
    variantId,
    decisionId: 'd1',
    completion: { text, toolCalls: [], finishReason: 'stop', refusal: null },
    usage: { inputTokens: 1, outputTokens: 1 },
    latencyMs: 1,
    costUsd: 0,
    grades: [{ kind: 'score', score }],
    atMs: startMs,
  });
  await store.saveShadowRuns([
    runOf(baselineVariantId, 'account', 0),
    runOf(campaign.proposal.variant.id, 'billing\u001B[31m', 1),
  ]);
  const ledger = await store.readLedger('c1');
  const { verdict } = judgeLedgers(ledger, testOf(shadow, task.config));
  expect(verdict.kind).toBe('promote');
  await store.commitGate({ taskId: task.id, campaigns: [{ ...shadow, revision: 4, verdict }] });
}

describe('verdict', () => {
  test('follows from the ledger, each e-value beside its bar', async () => {
    const { code, output } = await run('verdict', 'c1');
    expect(code).toBe(0);
    expect(output).toMatch(/superiority +E +\S+ of 500 to promote/);
    expect(output).toMatch(/slice:vip +E +\S+ of 20\.0 to promote/);
    expect(output).toMatch(/agrees: the stored verdict follows from the ledger/);
    const json = JSON.parse((await run('verdict', 'c1', '--json')).output);
    expect(json).toMatchObject({ campaignId: 'c1', agreement: 'agrees', verdict: { kind: 'promote' } });
  });

  test('that does not follow exits with 1', async () => {
    await store.recordPairs([{ campaignId: 'c1', unitId: 'late', differences: { primary: -1 } }]);
    const { code, output } = await run('verdict', 'c1');
    expect([code, output]).toEqual([1, expect.stringMatching(/differs: stored is promote/)]);
  });

  test('of an unknown campaign, or without a database, is a failure in a line', async () => {
    expect(await run('verdict', 'c9')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/there is no campaign "c9"/),
    });
    const elsewhere = await run('verdict', 'c1', '--database', 'sqlite:./other.db');
    expect(elsewhere).toMatchObject({ code: 1, errors: expect.stringMatching(/there is no database/) });
  });
});

describe('review', () => {
  test('lists what waits', async () => {
    expect((await run('review')).output).toMatch(/^c1 {2}Sort support tickets \+0\.350 {2}better/);
    expect(JSON.parse((await run('review', '--json')).output)).toMatchObject({
      waiting: [{ review: { campaignId: 'c1' } }],
    });
  });

  test('shows the change, the effect with its interval, segments, cost, evidence and examples', async () => {
    const { code, output } = await run('review', 'c1');
    expect(code).toBe(0);
    expect(output).toMatch(/^ {2}\+ .*Answer with one word\./m);
    expect(output).toMatch(/all requests {2}\+0\.350, between \+0\.\d+ and \+0\.\d+, 100 pairs/);
    expect(output).toMatch(/vip {2}\+0\.350/);
    expect(output).toMatch(/tokens {2}×1\.41/);
    expect(output).toMatch(/superiority/);
    expect(output).toMatch(/better: I was charged twice/);
    expect(output).toMatch(/now +account\n +proposed +billing\[31m/);
    expect(output).not.toContain('\u001B');
  });
});

describe('approve and reject', () => {
  test('a person’s yes is kept, and whoever comes second changes nothing', async () => {
    expect(await run('approve', 'c1')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/c1 approved by ada/),
    });
    expect((await store.readCampaign('c1'))?.approval?.by).toBe('ada');
    expect(await run('approve', 'c1', '--by', 'bob')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/ada has approved it already/),
    });
    expect((await run('review')).output).toBe('nothing waits for a person\n');
  });

  test('a person’s no ends it, with who and why', async () => {
    const words = ['reject', 'c1', '--reason', 'too\u001B curt', '--by', 'bob'];
    expect(await run(...words)).toMatchObject({ code: 0 });
    const campaign = await store.readCampaign('c1');
    expect(campaign?.state).toBe('rejected');
    expect(campaign?.history.at(-1)?.reason).toBe('rejected by bob: too curt');
    expect(await run('approve', 'c1')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/it is rejected, its verdict is promote/),
    });
  });

  test('a no needs a reason', async () => {
    expect((await run('reject', 'c1')).code).toBe(2);
  });
});

describe('doctor --task', () => {
  async function proof(...words: string[]) {
    const { code, output, errors } = await run(
      'doctor',
      '--json',
      '--upstream',
      'http://127.0.0.1:9/v1',
      ...words,
    );
    if (output === '') return { code, errors, finding: undefined, forecast: undefined };
    const { findings, proof: found } = JSON.parse(output);
    return { code, errors, finding: findings.at(-1), forecast: found?.forecast };
  }

  test('says how long a gain would take to prove with the traffic of the last week', async () => {
    const nowMs = Date.now();
    const decisions = Array.from({ length: 70 }, (_, index) =>
      sampleDecision(`w${index}`, {
        atMs: nowMs - (index + 1) * 3_600_000,
        segment: index % 2 === 0 ? 'vip' : null,
      }),
    );
    await store.recordDecisions(decisions);
    await store.recordFeedback(
      decisions.map((decision) => sampleFeedback(decision, { expected: 'billing' }, { atMs: nowMs })),
    );
    const { finding, forecast } = await proof('--task', 'Sort support tickets');
    // One an hour, and the earlier test's 100 pairs of variance .3.
    expect(forecast).toMatchObject({ effect: 0.05, boundBy: 'traffic' });
    expect(forecast.pairsPerDay).toBeCloseTo(24, 0);
    expect(finding).toMatchObject({ name: 'proof', status: 'warning' });
    expect(finding.detail).toMatch(
      /a gain of \+0\.05 takes about [\d,]+ pairs \(level 1\/500, variance 0\.\d+ of earlier pairs\)/,
    );
    const large = await proof('--task', 'triage', '--effect', '0.4');
    expect(large.forecast.pairs).toBeLessThan(forecast.pairs / 10);
  });

  test('says so where nothing can be graded, and where there is no such task', async () => {
    expect((await proof('--task', 'triage')).finding.detail).toMatch(/none comes: no conversation/);
    expect(await proof('--task', 'nope')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/there is no task "nope"/),
    });
    expect((await run('doctor', '--task', 'triage', '--effect', '2')).code).toBe(2);
  });
});

describe('the audit log', () => {
  test('says who approved and rejected from a shell', async () => {
    await run('approve', 'c1');
    await run('reject', 'c1', '--reason', 'too curt');
    const { items } = await store.readAudit({ limit: 9 });
    expect(items).toMatchObject([
      { actor: 'cli:ada', action: 'reject', subject: 'c1', after: 'rejected', reason: 'too curt' },
      { actor: 'cli:ada', action: 'approve', subject: 'c1', before: 'shadow', after: 'approved' },
    ]);
  });
});
