import type { Random } from '../domain/random.ts';

/** The arm of one draw, with its probability: what is logged as propensity. */
export interface SampledArm {
  readonly variantId: string;
  readonly propensity: number;
}

/**
 * Draws an arm from `Routing.probabilities`. An arm of probability 0 is never drawn. The cumulative sums are kept with
 * the object they were made from, so that a draw costs log₂(arms) comparisons however many arms there are; the object
 * must therefore not be changed afterwards.
 * Throws a RangeError unless all are in [0, 1] and sum to 1 within 1e-9.
 */
export function sampleArm(probabilities: Readonly<Record<string, number>>, random: Random): SampledArm {
  const { arms, sums } = cumulate(probabilities);
  // The sums may end at 1 ± 1e−16; scaling the draw by them leaves no gap at the end.
  const draw = random.next() * (sums.at(-1) ?? 0);
  let low = 0;
  let high = arms.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > draw) high = middle;
    else low = middle + 1;
  }
  const arm = arms[low];
  if (arm === undefined) throw new RangeError('no arm to draw');
  return arm;
}

interface Cumulated {
  readonly arms: readonly SampledArm[];
  readonly sums: readonly number[];
}

const cumulated = new WeakMap<Readonly<Record<string, number>>, Cumulated>();

function cumulate(probabilities: Readonly<Record<string, number>>): Cumulated {
  const known = cumulated.get(probabilities);
  if (known !== undefined) return known;
  let total = 0;
  const arms: SampledArm[] = [];
  const sums: number[] = [];
  for (const [variantId, propensity] of Object.entries(probabilities)) {
    if (!(propensity >= 0 && propensity <= 1))
      throw new RangeError(`probability ${propensity} of ${variantId}`);
    if (propensity === 0) continue;
    total += propensity;
    arms.push({ variantId, propensity });
    sums.push(total);
  }
  if (!(Math.abs(total - 1) <= 1e-9)) throw new RangeError(`probabilities sum to ${total}`);
  const made = { arms, sums };
  cumulated.set(probabilities, made);
  return made;
}
