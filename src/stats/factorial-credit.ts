import { choleskyFactor, solveLower } from './cholesky.ts';
import { drawnWeights } from './drawn-reward.ts';
import { contextsOf, type CreditContext, type CreditObservation } from './edit-credit.ts';
import { fTail } from './f-tail.ts';
import { intervalAround, type Interval } from './interval.ts';
import { strataRegression, type RegressionCell, type StrataRegression } from './strata-regression.ts';

/** One effect for each edit, as if edits added up; or why there is no such summary. */
export type FactorialCredit = FactorialSummary | InteractingEdits | NoFactorial;

/** Effects of edits that add up, as far as the data can tell. */
export interface FactorialSummary {
  readonly kind: 'summary';
  /** In the order of their keys. */
  readonly effects: readonly FactorialEffect[];
  /** Edits that the data do not tell apart from others, or that never varied within a stratum. */
  readonly notIdentified: readonly string[];
  readonly additivity: Additivity;
}

/** Effect of an edit, whatever the others. */
export interface FactorialEffect extends Interval {
  readonly edit: string;
  readonly estimate: number;
  readonly standardError: number;
}

/** Refused: an edit's effect depends on the others, so that one number for it would describe no prompt. */
export interface InteractingEdits {
  readonly kind: 'refused';
  readonly reason: 'interactions';
  readonly additivity: Additivity;
  /** What the probability had to reach. */
  readonly bound: number;
}

/** No edit varied within a stratum, or too few observations are left to judge the fit. */
export interface NoFactorial {
  readonly kind: 'not-identified';
  readonly notIdentified: readonly string[];
}

/** Test of whether edits add up. */
export interface Additivity {
  /** Sets of edits that may deviate from the sum of their effects; 0 where the data leave none to test. */
  readonly deviations: number;
  /** Wald's F over the deviations, with HC3 errors; 0 for none. */
  readonly f: number;
  /** Chance of an F as large if edits added up; 1 for none. */
  readonly probability: number;
}

/** How a summary is asked for. */
export interface FactorialOptions {
  /** Of the intervals, in (0, 1). Default .95. */
  readonly confidence?: number;
  /** Least probability of additivity at which effects are given, in [0, 1). Default .05. */
  readonly additivityMin?: number;
}

/**
 * A regression of rewards on all edits with fixed effects of strata and HC3 errors (`strataRegression`), rewards
 * weighted as in the edge contrasts. It uses every pair of prompts, not only those that differ by one edit, so its
 * intervals are shorter; the price is the assumption that edits add up (Fisher, "The design of experiments", 1935).
 *
 * So it is a summary only: a term for every set of edits that the sum of effects cannot explain is added, and where
 * these deviations are significant together the summary is refused. Where none can be tested (`deviations` 0) the
 * effects are those of the prompts that were served, in the contexts they were served in.
 *
 * Throws a RangeError as `creditOfEdits` does.
 */
export function factorialCredit(
  observations: readonly CreditObservation[],
  options: FactorialOptions = {},
): FactorialCredit {
  const contexts = [...contextsOf(observations).values()];
  const edits = [...new Set(contexts.flatMap((context) => context.edits))].toSorted();
  const additive = strataRegression(
    cellsOf(contexts, (context) => edits.map((edit) => (context.edits.includes(edit) ? 1 : 0))),
  );
  if (additive === null) return { kind: 'not-identified', notIdentified: edits };
  const full = strataRegression(
    cellsOf(contexts, (context) => [
      ...edits.map((edit) => (context.edits.includes(edit) ? 1 : 0)),
      ...contexts.map((other) => (other === context ? 1 : 0)),
    ]),
  );
  const additivity = additivityOf(full, edits.length);
  const bound = options.additivityMin ?? 0.05;
  if (additivity.probability < bound) return { kind: 'refused', reason: 'interactions', additivity, bound };
  const effects = effectsOf(edits, additive, options.confidence);
  const notIdentified = edits.filter((_, index) => additive.confounded.includes(index));
  if (effects.length === 0) return { kind: 'not-identified', notIdentified };
  return { kind: 'summary', effects, notIdentified, additivity };
}

function cellsOf(
  contexts: readonly CreditContext[],
  featuresOf: (context: CreditContext) => readonly number[],
): readonly RegressionCell[] {
  return contexts.flatMap((context) => {
    const features = featuresOf(context);
    const sample = JSON.stringify(context.edits);
    return [...context.strata].map(([stratum, rewards]) => {
      const weights = drawnWeights(rewards);
      const outcomes = rewards.map(({ reward }, index) => ({ outcome: reward, weight: weights[index] ?? 0 }));
      return { stratum, sample, features, outcomes };
    });
  });
}

/** Wald's test that the coefficients of all features from `main` on are 0. */
function additivityOf(full: StrataRegression | null, main: number): Additivity {
  const places = (full?.columns ?? []).flatMap((column, place) => (column >= main ? [place] : []));
  if (full === null || places.length === 0) return { deviations: 0, f: 0, probability: 1 };
  // Scaled to correlations, since the factor expects entries of size 1.
  const errors = places.map((place) => Math.sqrt(full.covariance[place]?.[place] ?? 0));
  const { columns, lower } = choleskyFactor(
    places.map((one, row) =>
      places.map(
        (other, column) =>
          (full.covariance[one]?.[other] ?? 0) / ((errors[row] ?? 1) * (errors[column] ?? 1)),
      ),
    ),
  );
  const deviations = columns.map((kept) => (full.coefficients[places[kept] ?? 0] ?? 0) / (errors[kept] ?? 1));
  const wald = solveLower(lower, deviations).reduce((sum, value) => sum + value * value, 0);
  const f = wald / columns.length;
  return { deviations: columns.length, f, probability: fTail(f, columns.length, full.freedom) };
}

function effectsOf(
  edits: readonly string[],
  { columns, coefficients, covariance, freedom, confounded }: StrataRegression,
  confidence?: number,
): readonly FactorialEffect[] {
  return columns.flatMap((column, place) => {
    const edit = edits[column];
    if (edit === undefined || confounded.includes(column)) return [];
    const estimate = coefficients[place] ?? 0;
    const standardError = Math.sqrt(covariance[place]?.[place] ?? 0);
    return [
      { edit, estimate, standardError, ...intervalAround(estimate, standardError, freedom, confidence) },
    ];
  });
}
