import { boost, type Release } from '../../bench/gate/boosting.ts';
import { describe, expect, it } from 'vitest';
import { isAtLeast, isAtMost } from '../../bench/gate/binomial-bound.ts';
import { median } from '../../bench/gate/median.ts';
import { binaryWorld, gradedWorld } from '../../bench/gate/pair-worlds.ts';
import { attackGate, attackNaive } from '../../bench/gate/sections/attack.ts';
import { runBurst } from '../../bench/gate/sections/attribution.ts';
import { runBroken, runSliced } from '../../bench/gate/sections/conditions.ts';
import { chainLoss } from '../../bench/gate/sections/equivalence.ts';
import { blockFdr, mixedEffect, runLife } from '../../bench/gate/sections/lifetime.ts';
import { everCrosses } from '../../bench/gate/sections/type-one.ts';
import { fallLength, runLength } from '../../bench/gate/sections/watching.ts';
import { runTrial, usualTerms, type TrialEnd } from '../../bench/gate/trial.ts';
import type { TestTerms } from '../../src/domain/test-terms.ts';
import { createSeededRandom } from '../../src/runtime/seeded-random.ts';

/*
 * Fast versions of `npm run bench:gate`. Seeds are fixed, so nothing flakes; bounds are nevertheless those that luck
 * would break less than once in a million (binomial tails), so that another order of draws does not break them either.
 */
const patient: TestTerms = { ...usualTerms, mde: -0.5 };
const promoted = (ends: readonly TrialEnd[]): readonly TrialEnd[] =>
  ends.filter(({ kind }) => kind === 'promote');

function trials(effect: number, runs: number, seed: number, world = binaryWorld(0.2)): readonly TrialEnd[] {
  const random = createSeededRandom(seed);
  return promoted(
    Array.from({ length: runs }, () =>
      runTrial(() => ({ primary: world.draw(effect, random) }), { terms: patient, alphaLevel: 0.05 }),
    ),
  );
}

describe('one test', () => {
  it('promotes a candidate of no worth at most α of the time, whenever one stops', () => {
    const random = createSeededRandom(1);
    const runs = 400;
    const hits = Array.from({ length: runs }, () =>
      everCrosses(() => binaryWorld(0.2).draw(0, random), 1),
    ).filter(Boolean).length;
    expect(isAtMost(hits, runs, 0.05)).toBe(true);
    // An e-value that hardly ever grows would keep the promise too: about 2 % is what it is.
    expect(hits).toBeGreaterThan(0);
  });

  it.each([
    [0.05, 0.95, 586],
    [0.1, 0.99, 144],
  ])('finds a gain of %d nearly always, in about as many pairs as were measured', (effect, share, pairs) => {
    const found = trials(effect, 80, 2);
    expect(isAtLeast(found.length, 80, share)).toBe(true);
    const middle = median(found.map((end) => end.pairs)) ?? 0;
    expect(Math.abs(middle / pairs - 1)).toBeLessThan(0.3);
  });

  it('needs a third of the pairs where scores are graded', () => {
    const pairsOf = (ends: readonly TrialEnd[]): number => median(ends.map(({ pairs }) => pairs)) ?? 0;
    const graded = pairsOf(trials(0.05, 60, 3, gradedWorld));
    expect(Math.abs(graded / 178 - 1)).toBeLessThan(0.35);
  });

  it('rejects what is harmful soon, and what is worthless in the end', () => {
    const random = createSeededRandom(4);
    const ends = (effect: number): readonly TrialEnd[] =>
      Array.from({ length: 60 }, () =>
        runTrial(() => ({ primary: gradedWorld.draw(effect, random) }), { alphaLevel: 0.05 }),
      );
    const harmful = ends(-0.05);
    expect(harmful.filter(({ kind }) => kind !== 'reject')).toEqual([]);
    expect(median(harmful.map(({ pairs }) => pairs)) ?? 0).toBeLessThan(200);
    const rejected = ends(0).filter(({ kind }) => kind === 'reject').length;
    expect(isAtLeast(rejected, 60, 0.95)).toBe(true);
  });
});

describe('a life of proposals', () => {
  it('keeps the share of worthless promotions in each block at α, and finds what is good', () => {
    const random = createSeededRandom(5);
    const life = runLife(gradedWorld, { proposals: 500, effectOf: mixedEffect, random });
    const { fdr, blocks } = blockFdr([life]);
    expect(isAtMost(Math.floor(fdr * blocks), blocks, 0.05)).toBe(true);
    const good = life.proposals.filter(({ effect }) => effect > 0);
    expect(isAtLeast(good.filter(({ isPromoted }) => isPromoted).length, good.length, 0.9)).toBe(true);
  });

  it('raises the level with each promotion of a block: good proposals become quicker to prove', () => {
    const random = createSeededRandom(6);
    const world = binaryWorld(0.2);
    const proposals = 150;
    const rising = runLife(world, { proposals, effectOf: () => 0.1, random }).pairs / proposals;
    const flat = Array.from({ length: proposals }, () =>
      runTrial(() => ({ primary: world.draw(0.1, random) }), { alphaLevel: 0.05 / 25 }),
    );
    // The mean level of a block in which all are promoted is 1/38, which takes about .75 of the pairs that 1/500 takes.
    expect(rising / (flat.reduce((sum, { pairs }) => sum + pairs, 0) / proposals)).toBeLessThan(0.88);
  });

  it('promotes next to nothing of an optimizer that proposes noise and the luckiest of it again', () => {
    const hits = attackGate(7, true, 300).promotions;
    expect(isAtMost(hits, 12, 0.05)).toBe(true);
    // Without an error budget, and on a fixed set of requests, noise gets through, and claims to be a gain.
    expect(attackGate(7, false, 300).promotions).toBeGreaterThan(hits);
    const naive = attackNaive(7, 300);
    expect(naive.claimed).toBeGreaterThan(0.7);
    expect(naive.quality).toBeLessThan(0.6);
  });

  it('tells less of past requests than a score would, and more than the Ladder', () => {
    const random = createSeededRandom(9);
    const claim = (release: Release): number =>
      Array.from({ length: 20 }, () => boost(release, 300, random).claimed).reduce(
        (sum, each) => sum + each,
        0,
      ) / 20;
    const [exact, bit, ladder] = [claim('exact'), claim('screened-out'), claim('ladder')];
    expect(exact).toBeGreaterThan(bit + 0.05);
    expect(bit).toBeGreaterThan(ladder + 0.05);
    expect(ladder).toBeLessThan(0.2);
  });
});

describe('conditions', () => {
  const slices = [{ name: 'small', margin: 0.1 }];
  const common = { isCounted: true, runs: 60, seed: 8 };
  const share = (terms: TestTerms, inSlice: number, isCounted = true): number =>
    promoted(runSliced(gradedWorld, { ...common, terms, inSlice, isCounted })).length;

  it('keep an edit out that hurts a declared segment, and let one in that hurts none', () => {
    expect(isAtMost(share({ ...patient, slices }, -0.1), 60, 0.05)).toBe(true);
    expect(isAtLeast(share({ ...patient, slices }, 0.05), 60, 0.97)).toBe(true);
    // A veto alone is weak, and nothing at all is none.
    expect(share(patient, -0.1)).toBeGreaterThan(30);
    expect(share(patient, -0.1, false)).toBe(60);
  });

  it.each([false, true])('keep an edit out that breaks one guardrail of five (strict: %s)', (isStrict) => {
    const guardrails = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, margin: 0.05, isRequired: true }));
    const hits = runBroken({ ...patient, guardrails, isStrict }, 1 / 20, { runs: 100, seed: 9 });
    expect(isAtMost(hits, 100, 0.05)).toBe(true);
  });

  it('stop a chain of small losses beside the anchor, which the last incumbent alone would not', () => {
    expect(chainLoss(10, true)).toBeLessThanOrEqual(0.05);
    expect(chainLoss(10, false)).toBeGreaterThan(0.3);
  });
});

describe('after a promotion', () => {
  it('10,000 rewards or more pass on average before a false alarm, and a fall is seen soon', () => {
    const random = createSeededRandom(11);
    const quiet = Array.from({ length: 12 }, () =>
      runLength(random, { chance: 0.7, level: 0.7, most: 40_000 }),
    );
    expect(quiet.reduce((sum, length) => sum + length, 0) / quiet.length).toBeGreaterThan(10_000);
    // Without the start at each reward the smaller fall takes far longer.
    const delay = (drop: number): number =>
      median(Array.from({ length: 300 }, () => fallLength(random, drop))) ?? 0;
    // Five standard errors of these medians are about a fifth.
    expect(Math.abs(delay(0.2) / 89 - 1)).toBeLessThan(0.25);
    expect(Math.abs(delay(0.1) / 267 - 1)).toBeLessThan(0.3);
  });

  it('an alarm is put down to the edit where it is at fault, and hardly ever where the model changed', () => {
    const blamed = (effect: number, runs = 100): number =>
      Array.from({ length: runs }, (_, run) => runBurst(effect, 1200 + run)).filter(
        ({ kind }) => kind === 'regression',
      ).length;
    expect(isAtMost(blamed(0, 400), 400, 0.05)).toBe(true);
    expect(isAtLeast(blamed(-0.2), 100, 0.99)).toBe(true);
    expect(isAtLeast(blamed(-0.1), 100, 0.92)).toBe(true);
  });
});
