import { describe, expect, it } from 'vitest';
import type { BanditConfig } from '../domain/task.ts';
import { seededRandom } from '../stats/seeded-random.case.ts';
import { windowOf } from './decay.ts';
import { banditFold } from './fold.ts';
import { armFloor, mixFloor } from './floor.ts';
import { addIncrement, applyEpoch, mergeIncrements, noIncrement } from './merge.ts';
import { observationIncrement } from './observe.ts';
import { planOf, provenPlan, settingsOf } from './plans.case.ts';
import { sampleArm } from './sample.ts';
import { tsallisPolicy } from './tsallis-policy.ts';

interface World {
  /** True mean reward of each arm at a round. */
  readonly means: (round: number) => readonly number[];
  readonly rounds: number;
  /** Chance that an arm's decision is answered; 1 where not given. */
  readonly answers?: readonly number[];
}

/** Regret of the whole fold, as served, as a share of the regret of drawing evenly. */
function foldRegret(world: World, seed: number, bandit: Partial<BanditConfig> = {}): number {
  const random = seededRandom(seed);
  const arms = world.means(0).length;
  const plan = provenPlan(arms);
  const settings = settingsOf(plan, { bandit });
  let state = banditFold.start(plan);
  let regret = 0;
  let uniform = 0;
  for (let round = 0; round < world.rounds; round++) {
    const means = world.means(round);
    const best = Math.max(...means);
    const { variantId, propensity } = sampleArm(state.routing.probabilities, random);
    const arm = Number(variantId.slice(3));
    regret += best - means[arm]!;
    uniform += best - mean(means);
    const isAnswered = random.next() < (world.answers?.[arm] ?? 1);
    state = banditFold.closeWindows(state, [{ variantId, selected: 1, observed: isAnswered ? 1 : 0 }]);
    if (!isAnswered) continue;
    const reward = random.next() < means[arm]! ? 1 : 0;
    state = banditFold.observe(state, { variantId, propensity, reward }, settings).state;
  }
  return regret / uniform;
}

/** Replicas that fold on copies of their own and merge every so many feedbacks, drawing from their own policy. */
function mergedRegret(world: World, seed: number, perEpoch: number): number {
  const replicas = 4;
  const random = seededRandom(seed);
  const arms = world.means(0).length;
  const plan = provenPlan(arms);
  const settings = settingsOf(plan);
  const floors = plan.arms.map(({ cap }) => armFloor(cap, arms, settings.budget.exploreShare));
  let state = banditFold.start(plan);
  let regret = 0;
  let uniform = 0;
  for (let round = 0; round < world.rounds; round += replicas * perEpoch) {
    const means = world.means(round);
    const best = Math.max(...means);
    const increments = Array.from({ length: replicas }, () => {
      let [copy, shipped] = [state, noIncrement];
      for (let step = 0; step < perEpoch; step++) {
        const losses = Object.values(copy.arms).map(({ L }) => L);
        const served = mixFloor(tsallisPolicy.probabilities(losses, copy.n), floors, 1);
        const { variantId, propensity } = sampleArm(
          Object.fromEntries(served.map((share, arm) => [`arm${arm}`, share])),
          random,
        );
        const gain = means[Number(variantId.slice(3))]!;
        regret += best - gain;
        uniform += best - mean(means);
        const observation = { variantId, propensity, reward: random.next() < gain ? 1 : 0 };
        const { increment } = observationIncrement(copy, observation, tsallisPolicy, 1);
        copy = addIncrement(copy, increment);
        shipped = mergeIncrements(shipped, increment);
      }
      return shipped;
    });
    state = applyEpoch(state, increments.reduce(mergeIncrements), windowOf(settings.bandit, arms));
  }
  return regret / uniform;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function over(seeds: number, regretOf: (seed: number) => number): number {
  return mean(Array.from({ length: seeds }, (_, seed) => regretOf(seed + 1)));
}

/** One arm is best by .2, the last one, all others are alike. */
function oneBest(arms: number): number[] {
  return Array.from({ length: arms }, (_, arm) => (arm === arms - 1 ? 0.7 : 0.5));
}

describe('regret as a share of drawing evenly', () => {
  it.each([
    { arms: 2, atMost: 0.06 },
    { arms: 8, atMost: 0.15 },
    { arms: 64, atMost: 0.45 },
  ])('stays below $atMost among $arms arms whose rewards do not change', ({ arms, atMost }) => {
    const world = { means: () => oneBest(arms), rounds: 20_000 };
    expect(over(2, (seed) => foldRegret(world, seed))).toBeLessThanOrEqual(atMost);
  });

  it('stays below .6 among 8 arms when the best one changes every 2,000 rounds', () => {
    const means = (round: number): number[] =>
      Array.from({ length: 8 }, (_, arm) => (arm === Math.floor(round / 2_000) % 8 ? 0.7 : 0.5));
    expect(over(2, (seed) => foldRegret({ means, rounds: 20_000 }, seed))).toBeLessThanOrEqual(0.6);
  });

  it.each([
    { name: 'the worse ones hardly answer', answers: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9] },
    { name: 'the best one hardly answers', answers: [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1] },
    { name: 'each answers in its own way', answers: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2] },
  ])('stays below .3 among 8 arms when feedback is missing and $name', ({ answers }) => {
    const world = { means: () => oneBest(8), rounds: 20_000, answers };
    expect(over(2, (seed) => foldRegret(world, seed))).toBeLessThan(0.3);
  });

  it('of the exponential weights stays below .4 among 8 arms', () => {
    const world = { means: () => oneBest(8), rounds: 20_000 };
    expect(over(2, (seed) => foldRegret(world, seed, { policy: 'shannon' }))).toBeLessThan(0.4);
  });

  it('does not grow when four replicas merge every 100 feedbacks', () => {
    const world = { means: () => oneBest(8), rounds: 20_000 };
    expect(over(2, (seed) => mergedRegret(world, seed, 25))).toBeLessThan(0.15);
  });
});

/** A task whose incumbent is right 70 % of the time admits an arm that differs by so much. */
function admission(difference: number, seed: number): { readonly lost: number; readonly shares: number[] } {
  const random = seededRandom(seed);
  const rewards: Record<string, number> = { baseline: 0.6, best: 0.7, trial: 0.7 + difference };
  let plan = planOf({ baseline: 'superseded', best: 'incumbent' });
  let state = banditFold.start(plan);
  let lost = 0;
  const shares: number[] = [];
  for (let round = 0; round < 3_000; round++) {
    if (round === 1_000) {
      plan = planOf({ baseline: 'superseded', best: 'incumbent', trial: 'canary' }, 2);
      state = banditFold.reconcile(state, plan, settingsOf(plan));
    }
    const { variantId, propensity } = sampleArm(state.routing.probabilities, random);
    const gain = rewards[variantId]!;
    state = banditFold.observe(
      state,
      { variantId, propensity, reward: random.next() < gain ? 1 : 0 },
      settingsOf(plan),
    ).state;
    if (round >= 1_000 && variantId === 'trial') lost += 0.7 - gain;
    if (round >= 1_000) shares.push(state.routing.probabilities['trial']!);
  }
  return { lost, shares };
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;

describe('an arm on trial', () => {
  it('that is worse by .10 costs few rewards before it has retreated', () => {
    const runs = Array.from({ length: 9 }, (_, seed) => admission(-0.1, seed + 1));
    expect(median(runs.map(({ lost }) => lost))).toBeLessThan(40);
    expect(median(runs.map(({ shares }) => shares.at(-1)!))).toBeLessThan(0.05);
  });

  it('that is better by .10 has most of the traffic within 1,200 feedbacks, and not at once', () => {
    const runs = Array.from({ length: 9 }, (_, seed) => admission(0.1, seed + 1));
    expect(median(runs.map(({ shares }) => shares.findIndex((share) => share >= 0.9)))).toBeLessThan(1_200);
    for (const { shares } of runs) expect(shares[199]).toBeLessThan(0.2);
  });
});
