import type { ErrorBudget } from '../../../src/domain/gate-state.ts';
import type { Random } from '../../../src/domain/random.ts';
import { countPromotion, startTest } from '../../../src/gate/error-budget.ts';
import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import { isAtMost } from '../binomial-bound.ts';
import { percent, runsAt, type Figure, type RunSettings, type Section } from '../figure.ts';
import { binaryWorld, gradedWorld, type PairWorld } from '../pair-worlds.ts';
import { runRivals } from '../rivals.ts';
import { runTrial } from '../trial.ts';

const section = 'lifetime';
const alpha = 0.05;
const block = 25;
const proposalsPerLife = 1000;

/** True effects of an optimizer's proposals: 60 % none, 30 % harmful, 10 % good. */
export function mixedEffect(random: Random): number {
  const kind = random.next();
  if (kind < 0.6) return 0;
  return kind < 0.9 ? -0.01 - 0.09 * random.next() : 0.02 + 0.08 * random.next();
}

/** What a life of proposals brought. */
export interface Life {
  /** In the order of proposal. */
  readonly proposals: readonly { readonly effect: number; readonly isPromoted: boolean }[];
  readonly pairs: number;
}

/** Proposals one after another under one error budget. */
export function runLife(
  world: PairWorld,
  {
    proposals,
    effectOf,
    random,
    isBlock = true,
  }: {
    readonly proposals: number;
    readonly effectOf: (random: Random) => number;
    readonly random: Random;
    /** Otherwise each test has the whole α. */
    readonly isBlock?: boolean;
  },
): Life {
  let budget: ErrorBudget = { tests: 0, promotionsInBlock: 0 };
  let pairs = 0;
  const found = Array.from({ length: proposals }, (_, index) => {
    const effect = effectOf(random);
    const test = startTest(budget, `c${index}`, { alpha, block });
    const end = runTrial(() => ({ primary: world.draw(effect, random) }), {
      alphaLevel: isBlock ? test.alphaLevel : alpha,
    });
    const isPromoted = end.kind === 'promote';
    pairs += end.pairs;
    budget = isPromoted ? countPromotion(test.errorBudget, `c${index}`, { block }) : test.errorBudget;
    return { effect, isPromoted };
  });
  return { proposals: found, pairs };
}

/** Mean over blocks of the share of promotions without true benefit; blocks without promotions count 0. */
export function blockFdr(lives: readonly Life[]): { readonly fdr: number; readonly blocks: number } {
  const shares = lives.flatMap(({ proposals }) =>
    Array.from({ length: Math.ceil(proposals.length / block) }, (_, index) => {
      const promoted = proposals
        .slice(index * block, (index + 1) * block)
        .filter(({ isPromoted }) => isPromoted);
      return promoted.length === 0
        ? 0
        : promoted.filter(({ effect }) => effect <= 0).length / promoted.length;
    }),
  );
  return { fdr: shares.reduce((sum, share) => sum + share, 0) / shares.length, blocks: shares.length };
}

/** False discoveries over a task's life. */
export const lifetime: Section = {
  name: section,
  summary: 'false discoveries over 1,000 proposals, and when none is worth anything',
  run: (settings) =>
    [binaryWorld(0.2), gradedWorld].flatMap((world, index) => [
      ...mixedFigures(world, { ...settings, seed: settings.seed + index }),
      nullFigure(world, { ...settings, seed: settings.seed + 100 + index }),
    ]),
};

function mixedFigures(world: PairWorld, settings: RunSettings): readonly Figure[] {
  const random = createSeededRandom(settings.seed);
  const count = runsAt(settings, 20, 1);
  const lives = (isBlock: boolean): readonly Life[] =>
    Array.from({ length: count }, () =>
      runLife(world, { proposals: proposalsPerLife, effectOf: mixedEffect, random, isBlock }),
    );
  const [blocks, each] = [lives(true), lives(false)];
  const { fdr, blocks: blockCount } = blockFdr(blocks);
  const peeking = peekingFdr(world, random, count * proposalsPerLife);
  const label = `${world.name}, 1,000 proposals, 10 % good`;
  const figure = (name: string, measured: string, promise: string, isKept: boolean | null): Figure => ({
    section,
    label: `${label}: ${name}`,
    measured,
    promise,
    isKept,
  });
  return [
    // A mean of shares in [0, 1] spreads at most as hits do.
    figure(
      'e-LOND, FDR per block',
      percent(fdr),
      `≤ ${percent(alpha)}`,
      isAtMost(Math.floor(fdr * blockCount), blockCount, alpha),
    ),
    figure('e-LOND, over a life', lifeText(blocks), 'FDR about 1 %', null),
    figure('E ≥ 20 each, over a life', lifeText(each), 'for comparison', null),
    figure('peeking t-test each', `FDR ${percent(peeking)}`, 'for comparison', null),
  ];
}

function shareOf(some: number, of: number): string {
  return percent(of === 0 ? 0 : some / of);
}

function lifeText(lives: readonly Life[]): string {
  const all = lives.flatMap(({ proposals }) => proposals);
  const promoted = all.filter(({ isPromoted }) => isPromoted);
  const good = all.filter(({ effect }) => effect > 0);
  const harmful = promoted.filter(({ effect }) => effect < 0).length;
  const pairs = lives.reduce((sum, life) => sum + life.pairs, 0);
  const fdr = shareOf(promoted.filter(({ effect }) => effect <= 0).length, promoted.length);
  const found = shareOf(good.filter(({ isPromoted }) => isPromoted).length, good.length);
  return `FDR ${fdr}, ${found} of the good, ${harmful} harmful, ${(pairs / all.length).toFixed(0)} pairs each`;
}

function peekingFdr(world: PairWorld, random: Random, proposals: number): number {
  let promoted = 0;
  let worthless = 0;
  for (let index = 0; index < proposals; index++) {
    const effect = mixedEffect(random);
    if (runRivals(() => world.draw(effect, random)).peeking === null) continue;
    promoted++;
    if (effect <= 0) worthless++;
  }
  return promoted === 0 ? 0 : worthless / promoted;
}

function nullFigure(world: PairWorld, settings: RunSettings): Figure {
  const random = createSeededRandom(settings.seed);
  const count = runsAt(settings, 200, 20);
  let hit = 0;
  for (let run = 0; run < count; run++) {
    const { proposals } = runLife(world, { proposals: block, effectOf: () => 0, random });
    if (proposals.some(({ isPromoted }) => isPromoted)) hit++;
  }
  return {
    section,
    label: `${world.name}, blocks of 25 worthless proposals with any promotion`,
    measured: percent(hit / count),
    promise: `≤ ${percent(alpha)}`,
    isKept: isAtMost(hit, count, alpha),
  };
}
