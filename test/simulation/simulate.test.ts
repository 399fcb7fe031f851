import { beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import type { RunReport } from '../../src/cli/world-run/run-report.ts';
import { simulateWorld } from '../../src/cli/world-run/simulate-world.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';

const simulate = async (name: string, seed: number, requests: number): Promise<RunReport> =>
  await simulateWorld({
    world: await loadWorld(join(packageRoot(), 'worlds', `${name}.json`)),
    seed,
    requests,
  });

describe('the world of contract clauses', () => {
  const seeds = [1, 2, 3, 4];
  let reports: readonly RunReport[];
  beforeAll(async () => {
    reports = await Promise.all(seeds.map((seed) => simulate('contract-clauses', seed, 8_000)));
  }, 120_000);

  it('has a better prompt at the end than the agent sent, under every seed', () => {
    for (const { baseline, final } of reports) expect(final).toBeGreaterThan(baseline + 0.05);
  });

  it('is served better over time than with the agent’s own prompt alone', () => {
    for (const { trueMeanReward, baselineOnly } of reports)
      expect(trueMeanReward.total).toBeGreaterThan(baselineOnly.total + 0.05);
  });

  it('sees promotions and rejections, and none of the promotions is harmful', () => {
    for (const { campaigns, harmfulPromotions } of reports) {
      expect(campaigns.promoted).toBeGreaterThanOrEqual(1);
      expect(campaigns.rejected + campaigns.screened_out).toBeGreaterThanOrEqual(1);
      expect(harmfulPromotions).toBe(0);
    }
  });

  it('accounts for every campaign', () => {
    for (const { campaigns } of reports) {
      const { proposed, screened_out, rejected, inconclusive, promoted } = campaigns;
      expect(screened_out + rejected + inconclusive + promoted).toBeLessThanOrEqual(proposed);
    }
  });

  it('prints the same bytes for the same seed, and others for another one', async () => {
    const again = await simulate('contract-clauses', 1, 2_000);
    expect(JSON.stringify(again)).toBe(JSON.stringify(await simulate('contract-clauses', 1, 2_000)));
    expect(JSON.stringify(again)).not.toBe(JSON.stringify(await simulate('contract-clauses', 2, 2_000)));
  });
});

describe('a short run', () => {
  it.each([1, 2, 30])('of %d requests has a whole report', async (requests) => {
    const report = await simulate('contract-clauses', 1, requests);
    expect(report).toMatchObject({ requests, harmfulPromotions: 0, rollbacks: [] });
    expect(report.final).toBe(report.baseline);
    expect(report.trueMeanReward.points).toHaveLength(50);
  });
});

describe('an edit that everyone adopted and that a model upgrade turns harmful', () => {
  it.each([1, 2, 3])('is rolled back within 1,500 requests, seed %d', async (seed) => {
    const report = await simulate('adopted-then-harmful', seed, 7_500);
    expect(report.campaigns.promoted).toBeGreaterThanOrEqual(1);
    expect(report.alarms[0]).toMatchObject({ cause: 'regression', action: 'rolled-back' });
    expect(report.alarms[0]?.atRequest).toBeGreaterThan(6_000);
    expect(report.alarms[0]?.delay).toBeLessThanOrEqual(1_500);
    expect(report.rollbacks[0]).toMatchObject({ cause: 'regression', to: 'baseline' });
    expect(report.final).toBe(report.baseline);
  });
});
