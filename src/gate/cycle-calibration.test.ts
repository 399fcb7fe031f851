import { describe, expect, it } from 'vitest';
import type { Campaign } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import type { GraderConfig } from '../domain/grader.ts';
import { countOf, type Ledger } from '../domain/histogram.ts';
import { jointCount, jointOf } from '../domain/joint-histogram.ts';
import { logMixtureE } from '../stats/log-mixture-e.ts';
import { runGateCycle } from './cycle.ts';
import { createSmallAgent, taskId, type SmallAgent, type SmallAgentSettings } from './small-agent.case.ts';

const graders: readonly GraderConfig[] = [
  { kind: 'exact', against: 'expected', weight: 1 },
  { kind: 'judge', rubric: 'Is it right?', weight: 1 },
];
const edit = (text: string): Edit => ({ op: 'insert', text, intent: text });

/** What a prompt is worth: one edit helps a little, one harms a little. */
function quality(prompt: string): number {
  return 0.6 + (prompt.includes('Choose one') ? 0.12 : 0) - (prompt.includes('thorough') ? 0.06 : 0);
}

interface Tested {
  readonly campaign: Campaign;
  readonly ledger: Ledger;
}

/** One live request in seven tells the right answer; the judge is at hand. */
async function agentWith(settings: Partial<SmallAgentSettings> = {}): Promise<SmallAgent> {
  const agent = await createSmallAgent({
    seed: 4,
    quality,
    hasJudge: true,
    truth: () => 0.15,
    config: { graders },
    ...settings,
  });
  await agent.serve(3_000);
  return agent;
}

/** Tests an edit until it leaves the shadow, or for so many cycles. */
async function test(agent: SmallAgent, text: string, cycles: number): Promise<Tested> {
  const { id } = await agent.propose([edit(text)]);
  return await goOn(agent, id, cycles);
}

async function goOn(agent: SmallAgent, id: string, cycles: number): Promise<Tested> {
  for (let cycle = 0; cycle < cycles; cycle++) {
    await agent.serve(100);
    await runGateCycle(agent.deps);
    const state = (await agent.store.readCampaign(id))?.state ?? 'proposed';
    if (state !== 'proposed' && state !== 'screened' && state !== 'shadow') break;
  }
  const campaign = await agent.store.readCampaign(id);
  if (campaign === undefined) throw new Error('the campaign is gone');
  return { campaign, ledger: await agent.store.readLedger(id) };
}

const sumOf = (ledger: Ledger, name: string): number => countOf(ledger[name] ?? {});

describe('a judge that truth has been held against', () => {
  it('learns while a test runs, sharpens it from then on, and the next from its start', async () => {
    const agent = await agentWith();
    const early = await test(agent, 'Be brief.', 2);
    expect(early.campaign.judging).toMatchObject({ weight: 0, isLearning: true });
    expect(early.campaign.verdict?.evidence.judge).toMatchObject({ weight: 0, correctedDifference: null });
    const first = await goOn(agent, early.campaign.id, 25);
    expect(first.campaign.judging).toMatchObject({ isLearning: false });
    const weight = first.campaign.judging?.weight ?? 0;
    expect(weight).toBeGreaterThan(0.4);
    // Each labelled pair stands in the row of the weight that held when it was counted.
    const rows = jointOf(first.ledger, 'corrected');
    expect(Object.keys(rows).toSorted()).toEqual(['0', String(Math.round(100 * weight))]);
    expect(jointCount(rows)).toBe(sumOf(first.ledger, 'primary'));
    expect(countOf(rows['0'] ?? {})).toBeGreaterThanOrEqual(50);

    const { campaign, ledger } = await test(agent, 'Choose one.', 80);
    expect(campaign.state).toBe('canary');
    expect(campaign.judging?.weight).toBeGreaterThan(0.4);
    expect(campaign.judging?.reason).toMatch(/^agreement 1\.00 in \[0\.\d\d, 1\.00\] on \d+ pairs/);
    expect(jointOf(ledger, 'corrected')['0']).toBeUndefined();
    expect(jointCount(jointOf(ledger, 'corrected'))).toBe(sumOf(ledger, 'primary'));
    // What corrects them are further pairs of the judge's.
    expect(sumOf(ledger, 'judge')).toBeGreaterThan(1.5 * sumOf(ledger, 'primary'));
    const evidence = campaign.verdict?.evidence;
    expect(evidence?.judge?.effectivePairs).toBeGreaterThan(1.2 * (evidence?.pairs ?? Infinity));
    expect(evidence?.judge?.calibration?.bias.mean).toBeCloseTo(0, 6);
    expect((await agent.store.readTotalSpend(taskId)).judgeCalls).toBeGreaterThan(100);

    const without = await agentWith({ hasJudge: false });
    await test(without, 'Be brief.', 25);
    const plain = await test(without, 'Choose one.', 80);
    expect(evidence?.pairs).toBeLessThan(plain.campaign.verdict?.evidence.pairs ?? 0);
  });

  it('does not get a worse, wordier edit promoted by its taste, and the taste is measured', async () => {
    const agent = await agentWith({
      seed: 7,
      // Dots that exact match does not see: the judge takes them for thoroughness.
      style: (prompt) => (prompt.includes('thorough') ? '....' : ''),
      isGood: (answer) => answer === 'right' || answer.endsWith('....'),
    });
    await test(agent, 'Be brief.', 25);
    const { campaign, ledger } = await test(agent, 'Be thorough.', 60);
    expect(campaign.judging?.weight).toBeGreaterThan(0.4);
    expect(campaign.state).toBe('rejected');
    const judge = campaign.verdict?.evidence.judge;
    expect(judge?.isShifted).toBe(false);
    expect(judge?.calibration?.bias.low).toBeGreaterThan(0.3);
    expect(judge?.calibration?.agreement.kappa).toBeLessThan(0.6);
    // Believed, it would have promoted the edit many times over.
    expect(logMixtureE(ledger['judge'] ?? {}, 0)).toBeGreaterThan(20);
  });

  it('is not asked beyond the first pairs where nearly all requests have ground truth', async () => {
    const agent = await agentWith({ truth: () => 1 });
    const { campaign, ledger } = await test(agent, 'Be brief.', 10);
    expect(campaign.judging).toMatchObject({ weight: 0, isLearning: false });
    expect(sumOf(ledger, 'primary')).toBeGreaterThan(100);
    expect(sumOf(ledger, 'judge')).toBeLessThan(80);
  });
});
