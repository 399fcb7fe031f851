import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';
import type { World } from '../../src/upstream/simulated/world.ts';
import { attackedRun, type Attack, type AttackedRun } from './hostile-feedback.ts';

const worldNamed = async (name: string): Promise<World> =>
  await loadWorld(join(packageRoot(), 'worlds', `${name}.json`));

const holds =
  (phrase: string): Attack['wants'] =>
  ({ edits }) =>
    JSON.stringify(edits).includes(phrase);

/** Runs of an attack, each beside the run of the same seed in which the same tenth is honest. */
async function beside(
  world: World,
  attack: Attack,
  run: { readonly seeds: readonly number[]; readonly requests: number },
): Promise<readonly { readonly honest: AttackedRun; readonly attacked: AttackedRun }[]> {
  return await Promise.all(
    run.seeds.map(async (seed) => ({
      honest: await attackedRun(world, { ...run, seed, attack, isHonest: true }),
      attacked: await attackedRun(world, { ...run, seed, attack }),
    })),
  );
}

describe.each<readonly [string, Attack]>([
  ['a harmful proposal', { wants: holds('If in doubt, answer liability') }],
  ['the agent’s own, worse prompt', { wants: ({ edits }) => edits.length === 0 }],
])('a tenth of the feedback from who wants %s to win', (_, attack) => {
  let pairs: Awaited<ReturnType<typeof beside>>;
  beforeAll(async () => {
    const world = { ...(await worldNamed('contract-clauses')), shifts: [] };
    pairs = await beside(world, attack, { seeds: [1, 2, 3], requests: 6_000 });
  }, 120_000);

  it('promotes nothing harmful, and ends with a prompt as good as without him', () => {
    for (const { honest, attacked } of pairs) {
      expect(attacked.given).toBeGreaterThan(350);
      expect(attacked.report.harmfulPromotions).toBe(0);
      expect(attacked.report.campaigns.promoted).toBe(honest.report.campaigns.promoted);
      expect(attacked.report.final).toBeGreaterThan(honest.report.final - 0.01);
      expect(attacked.report.final).toBeGreaterThan(attacked.report.baseline + 0.1);
    }
  });

  it('brings no rollback about', () => {
    for (const { attacked } of pairs) expect(attacked.report.rollbacks).toEqual([]);
  });

  it('moves the shares of traffic by a few percent at most', () => {
    for (const { honest, attacked } of pairs)
      expect(attacked.wantedShare).toBeLessThan(honest.wantedShare + 0.05);
  });
});

it('what turned harmful is rolled back although a tenth of the feedback praises it', async () => {
  const attack = { wants: holds('Weigh each team') };
  const world = await worldNamed('adopted-then-harmful');
  for (const { honest, attacked } of await beside(world, attack, { seeds: [1, 2], requests: 7_500 })) {
    expect(honest.report.rollbacks).toMatchObject([{ cause: 'regression', to: 'baseline' }]);
    expect(attacked.report.rollbacks).toMatchObject([{ cause: 'regression', to: 'baseline' }]);
    const delays = [honest, attacked].map(({ report }) => report.rollbacks[0]?.delay ?? Infinity);
    expect((delays[1] ?? Infinity) - (delays[0] ?? Infinity)).toBeLessThanOrEqual(300);
  }
});

it('a trusted key that lies about a tenth of the right answers promotes nothing harmful while nothing shifts', async () => {
  const world = { ...(await worldNamed('contract-clauses')), shifts: [] };
  const attack = { wants: holds('If in doubt, answer liability'), lie: 'liability' };
  for (const seed of [1, 2, 3]) {
    const { given, wantedShare, report } = await attackedRun(world, { seed, requests: 6_000, attack });
    expect(given).toBeGreaterThan(350);
    expect(wantedShare).toBe(0);
    expect(report.harmfulPromotions).toBe(0);
    expect(report.final).toBeGreaterThan(report.baseline + 0.1);
  }
});
