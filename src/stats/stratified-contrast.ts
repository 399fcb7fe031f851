import { contrastFreedom, contrastVariance, type ContrastCell, type StratumCells } from './contrast-error.ts';
import { drawnWeights, type DrawnReward } from './drawn-reward.ts';
import { intervalAround, type Interval } from './interval.ts';

/** Rewards of one side of a contrast, by stratum. */
export type RewardsByStratum = ReadonlyMap<string, readonly DrawnReward[]>;

/** The effect of a treatment, or that the data do not tell. */
export type StratifiedContrast = Contrast | NoContrast;

/** Treated minus control, with its uncertainty. */
export interface Contrast extends Interval {
  readonly kind: 'contrast';
  readonly estimate: number;
  readonly standardError: number;
  /** Of Student's t, by which the interval is made. */
  readonly freedom: number;
  /** Strata in which both sides were seen; the counts of observations are of these. */
  readonly strata: number;
  readonly treated: number;
  readonly control: number;
}

/**
 * Why there is no contrast.
 * - `no-overlap`: no stratum has seen both sides.
 * - `too-few`: the strata that have seen both do not hold two observations of each.
 */
export interface NoContrast {
  readonly kind: 'not-identified';
  readonly reason: 'no-overlap' | 'too-few';
}

/**
 * The effect of a treatment within strata: per stratum the difference of both sides' means, averaged with weights
 * n₁n₀/(n₁ + n₀), the weights by which a regression on treatment and strata fixed effects averages. What differs
 * between strata, the time of day or the kind of request, cancels.
 *
 * **Propensities.** Within a stratum each reward weighs 1/propensity (Hájek, 1971), so that both sides speak of the
 * same traffic also where probabilities moved during the stratum; n is then Kish's effective size (Σw)²/Σw². Equal
 * propensities leave plain means and plain counts.
 *
 * **Error.** HC2 of that regression: MacKinnon & White, J. Econometrics 29 (1985). In a single stratum it is Welch's
 * s₁²/n₁ + s₀²/n₀, in strata of one pair each it is the paired t-test, and it stays right for many small strata (Samii
 * & Aronow, Statistics & Probability Letters 82, 2012). The interval uses Student's t with the degrees of freedom of
 * Bell & McCaffrey, Survey Methodology 28 (2002), as Imbens & Kolesár advise, REStat 98 (2016).
 *
 * **Small samples.** n equal rewards do not show that rewards never differ: what happens once in n episodes would as
 * well have been missed. So the variance of each side's rewards counts as no less than 1/n, as if one of them had
 * come out at the other end of [0, 1]. Beside real variance this is nothing from n = 100 on.
 *
 * `confidence` lies in (0, 1), default .95. Throws a RangeError for rewards and propensities outside their ranges.
 */
export function stratifiedContrast(
  treated: RewardsByStratum,
  control: RewardsByStratum,
  confidence?: number,
): StratifiedContrast {
  const strata = overlapOf(treated, control);
  if (strata.length === 0) return { kind: 'not-identified', reason: 'no-overlap' };
  const counts = {
    treated: strata.reduce((sum, stratum) => sum + stratum.treated.rewards.length, 0),
    control: strata.reduce((sum, stratum) => sum + stratum.control.rewards.length, 0),
  };
  // With two on each side every observation can be left out and the effect is still defined.
  if (counts.treated < 2 || counts.control < 2) return { kind: 'not-identified', reason: 'too-few' };
  const information = strata.reduce((sum, stratum) => sum + stratum.weight, 0);
  const estimate = strata.reduce((sum, { weight, difference }) => sum + weight * difference, 0) / information;
  const cells = strata.map((stratum) => cellsOf(stratum, estimate, information));
  const standardError = Math.sqrt(contrastVariance(cells, information));
  const freedom = contrastFreedom(cells, information);
  const interval = intervalAround(estimate, standardError, freedom, confidence);
  return {
    kind: 'contrast',
    estimate,
    standardError,
    ...interval,
    freedom,
    strata: strata.length,
    ...counts,
  };
}

interface Side {
  readonly rewards: readonly DrawnReward[];
  readonly weights: readonly number[];
  /** Sum of the weights: the effective number of observations. */
  readonly size: number;
  readonly mean: number;
}

interface Stratum {
  readonly treated: Side;
  readonly control: Side;
  /** n₁n₀/(n₁ + n₀). */
  readonly weight: number;
  readonly difference: number;
}

function overlapOf(treated: RewardsByStratum, control: RewardsByStratum): readonly Stratum[] {
  return [...treated].flatMap(([name, rewards]) => {
    const others = control.get(name) ?? [];
    if (rewards.length === 0 || others.length === 0) return [];
    const one = sideOf(rewards);
    const other = sideOf(others);
    const weight = (one.size * other.size) / (one.size + other.size);
    return [{ treated: one, control: other, weight, difference: one.mean - other.mean }];
  });
}

function sideOf(rewards: readonly DrawnReward[]): Side {
  const weights = drawnWeights(rewards);
  const size = weights.reduce((sum, weight) => sum + weight, 0);
  const total = rewards.reduce((sum, { reward }, index) => sum + (weights[index] ?? 0) * reward, 0);
  return { rewards, weights, size, mean: total / size };
}

/** Where the rewards of a stratum stand in the regression. */
function cellsOf(stratum: Stratum, estimate: number, information: number): StratumCells {
  const { treated, control } = stratum;
  const size = treated.size + control.size;
  const mean = (treated.size * treated.mean + control.size * control.mean) / size;
  const place = (side: Side, deviation: number): ContrastCell => ({
    deviation,
    leverage: 1 / size + deviation ** 2 / information,
    weights: side.weights,
    residuals: side.rewards.map(({ reward }) => reward - mean - estimate * deviation),
  });
  return {
    size,
    treated: place(treated, control.size / size),
    control: place(control, -treated.size / size),
  };
}
