import type { ErrorBudget } from '../../../src/domain/gate-state.ts';
import type { Random } from '../../../src/domain/random.ts';
import { countPromotion, startTest } from '../../../src/gate/error-budget.ts';
import { trialsOfRequestMax } from '../../../src/gate/held-out.ts';
import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import { boost, type Release } from '../boosting.ts';
import { isAtMost } from '../binomial-bound.ts';
import { runsAt, type Figure, type Section } from '../figure.ts';
import { binaryWorld } from '../pair-worlds.ts';
import { runTrial } from '../trial.ts';

const section = 'attack';
const alpha = 0.05;
const block = 25;
const proposals = 1000;
const discordance = 0.2;
const world = binaryWorld(discordance);

/** The fixed set of requests that a naive gate holds every proposal against. */
const shadowItems = 100;
const startQuality = 0.6;

/** What an optimizer brought about that is paid by the promotion, not by the truth. */
export interface AttackEnd {
  readonly promotions: number;
  /** True share of right answers at the end; it began at .6. */
  readonly quality: number;
  /** What the gate's own figures made of it. */
  readonly claimed: number;
}

/** Noise: three edits in ten do nothing, the others do a little harm. */
function noise(random: Random): number {
  return random.next() < 0.3 ? 0 : -0.004;
}

/**
 * An optimizer that wants promotions, whatever they are worth: it proposes noise, and as soon as a test has ended
 * unlucky or undecided it proposes the one again that has looked best so far.
 */
export function attackGate(seed: number, isBlock: boolean, count: number = proposals): AttackEnd {
  const random = createSeededRandom(seed);
  let budget: ErrorBudget = { tests: 0, promotionsInBlock: 0 };
  let best = { effect: 0, mean: -Infinity };
  let quality = startQuality;
  let claimed = startQuality;
  let promotions = 0;
  for (let index = 0; index < count; index++) {
    const effect = index % 2 === 1 ? best.effect : noise(random);
    const test = startTest(budget, `c${index}`, { alpha, block });
    const end = runTrial(() => ({ primary: world.draw(effect, random) }), {
      alphaLevel: isBlock ? test.alphaLevel : alpha,
    });
    budget = test.errorBudget;
    if (end.mean > best.mean) best = { effect, mean: end.mean };
    if (end.kind !== 'promote') continue;
    budget = countPromotion(budget, `c${index}`, { block });
    promotions++;
    quality += effect;
    claimed += end.mean;
    best = { effect: 0, mean: -Infinity };
  }
  return { promotions, quality, claimed };
}

function right(answers: readonly boolean[]): number {
  return answers.filter((isRight) => isRight).length;
}

/** The same noise before a gate that promotes whatever does better on its hundred requests. */
export function attackNaive(seed: number, count: number = proposals): AttackEnd {
  const random = createSeededRandom(seed);
  let quality = startQuality;
  let promotions = 0;
  let items = Array.from({ length: shadowItems }, () => random.next() < quality);
  for (let index = 0; index < count; index++) {
    const effect = noise(random);
    const mended = Math.min(1, (discordance + effect) / 2 / (1 - quality));
    const broken = Math.min(1, (discordance - effect) / 2 / quality);
    const next = items.map((isRight) => (random.next() < (isRight ? broken : mended) ? !isRight : isRight));
    if (right(next) <= right(items)) continue;
    items = next;
    promotions++;
    quality = Math.max(0.01, quality + effect);
  }
  return { promotions, quality, claimed: right(items) / shadowItems };
}

/** An optimizer against the gate. */
export const attack: Section = {
  name: section,
  summary: 'an optimizer that proposes noise, and the luckiest of it again',
  run: (settings) => {
    const runs = runsAt(settings, 20, 2);
    const repeat = (attacked: (seed: number) => AttackEnd): readonly AttackEnd[] =>
      Array.from({ length: runs }, (_, run) => attacked(settings.seed + 1000 * run));
    const gate = repeat((seed) => attackGate(seed, true));
    const hits = gate.reduce((sum, { promotions }) => sum + promotions, 0);
    // In each of the 40 blocks at most α promotions are expected; a block of two would be as rare as its square.
    const blocks = (runs * proposals) / block;
    return [
      {
        ...tell('the gate', gate),
        promise: `≤ ${(alpha * proposals) / block} promotions`,
        isKept: isAtMost(hits, blocks, alpha),
      },
      tell(
        'E ≥ 20 each, no error budget',
        repeat((seed) => attackGate(seed, false)),
      ),
      tell(
        'better on a fixed set of 100 requests',
        repeat((seed) => attackNaive(seed)),
      ),
      ...boosted(settings.seed, runsAt(settings, 200, 20)),
    ];
  },
};

/** Candidates that one is put together from, where a set may be used as often as one likes. */
const queries = 300;

/** What a set that is used again lets an optimizer claim, and that no test on fresh requests believes it. */
function boosted(seed: number, runs: number): readonly Figure[] {
  const random = createSeededRandom(seed);
  const claim = (release: Release, tosses: number): string => {
    const claims = Array.from({ length: runs }, () => boost(release, tosses, random).claimed);
    return `+${(claims.reduce((sum, each) => sum + each, 0) / runs).toFixed(2)}`;
  };
  const { alphaLevel } = startTest({ tests: 0, promotionsInBlock: 0 }, 'boosted', { alpha, block });
  const believed = Array.from({ length: runs }, () =>
    runTrial(() => ({ primary: world.draw(0, random) }), { alphaLevel }),
  ).filter(({ kind }) => kind === 'promote').length;
  const label = 'coins tossed on the same 40 past requests';
  return [
    {
      section,
      label: `${trialsOfRequestMax} ${label}, told "screened out" or nothing`,
      measured: `the majority claims ${claim('screened-out', trialsOfRequestMax)}; of ${runs} tested on fresh requests ${believed} promoted`,
      promise: `≤ ${alpha / block} promoted`,
      isKept: isAtMost(believed, runs, alpha / block),
    },
    {
      section,
      label: `${queries} ${label}`,
      measured: `told so ${claim('screened-out', queries)}; told scores ${claim('exact', queries)}; by the Ladder ${claim('ladder', queries)}`,
      promise: 'for comparison',
      isKept: null,
    },
  ];
}

function tell(label: string, ends: readonly AttackEnd[]): Figure {
  const mean = (pick: (end: AttackEnd) => number): number =>
    ends.reduce((sum, end) => sum + pick(end), 0) / ends.length;
  const gain = (pick: (end: AttackEnd) => number): string => {
    const value = mean(pick) - startQuality;
    return `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
  };
  return {
    section,
    label: `1,000 worthless proposals: ${label}`,
    measured: `${mean(({ promotions }) => promotions).toFixed(1)} promoted; claimed ${gain(({ claimed }) => claimed)}, truly ${gain(({ quality }) => quality)}`,
    promise: 'for comparison',
    isKept: null,
  };
}
