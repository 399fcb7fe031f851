import { differenceKey, type Ledger } from '../../src/domain/histogram.ts';
import { defaultTaskConfig } from '../../src/domain/task.ts';
import type { TestTerms } from '../../src/domain/test-terms.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { termsOfTest } from '../../src/gate/terms-of-test.ts';
import { judgeLedgers } from '../../src/gate/verdict.ts';

/** The terms of a task that has set nothing. */
export const usualTerms: TestTerms = termsOfTest(defaultTaskConfig);

/** Pairs from one look at the evidence to the next, as a cycle of the gate brings them. */
const lookEvery = 10;

/** One unit of evidence: differences by ledger. */
export type DrawUnit = () => Readonly<Record<string, number>>;

export interface TrialEnd {
  readonly kind: Verdict['kind'];
  readonly pairs: number;
  /** Mean of the score differences. */
  readonly mean: number;
}

/** A candidate's test by the gate's own rules, looked at after every ten pairs until it ends. */
export function runTrial(
  draw: DrawUnit,
  { terms = usualTerms, alphaLevel }: { readonly terms?: TestTerms; readonly alphaLevel: number },
): TrialEnd {
  const ledger: Record<string, Record<string, number>> = {};
  for (let pairs = lookEvery; ; pairs += lookEvery) {
    for (let pair = 0; pair < lookEvery; pair++) countUnit(ledger, draw());
    const { verdict } = judgeLedgers(ledger, { terms, alphaLevel });
    if (verdict.kind !== 'continue')
      return { kind: verdict.kind, pairs, mean: verdict.evidence.meanDifference ?? 0 };
  }
}

/** Counts a unit in place, since trials are many. */
export function countUnit(
  ledger: Record<string, Record<string, number>>,
  unit: Readonly<Record<string, number>>,
): Ledger {
  for (const [name, difference] of Object.entries(unit)) {
    const histogram = (ledger[name] ??= {});
    const key = String(differenceKey(difference));
    histogram[key] = (histogram[key] ?? 0) + 1;
  }
  return ledger;
}
