import type { ScorePair } from './combine.ts';
import type { Judgement } from './judgement.schema.ts';

/** What a judge makes of a candidate's answer beside the incumbent's. */
export type Comparison =
  | {
      readonly kind: 'compared';
      /** 1: the candidate's is better, in both orders; −1: the incumbent's; 0: neither, or the orders disagree. */
      readonly difference: -1 | 0 | 1;
      /** Share of its two looks, in [0, 1], that found each answer good; `null` where it was not asked. */
      readonly passes: ScorePair | null;
      readonly reasons: readonly string[];
    }
  /** It said something that is no judgement, and would be paid again for saying it. */
  | { readonly kind: 'missing'; readonly reason: string }
  /** It was not asked or could not be reached; another cycle may have more luck. */
  | { readonly kind: 'skipped'; readonly reason: string };

/** Of two answers that say the same, to the letter: nobody need be asked which is better. */
export const sameAnswers: Comparison = {
  kind: 'compared',
  difference: 0,
  passes: null,
  reasons: ['the answers are the same'],
};

/** The verdict of both looks: `forward` saw the candidate's answer first, `backward` the incumbent's. */
export function comparisonOf(forward: Judgement, backward: Judgement): Comparison {
  const isCandidate = forward.better === 'first' && backward.better === 'second';
  const isIncumbent = forward.better === 'second' && backward.better === 'first';
  return {
    kind: 'compared',
    difference: isCandidate ? 1 : isIncumbent ? -1 : 0,
    passes: {
      candidate: share(forward.firstPasses, backward.secondPasses),
      incumbent: share(forward.secondPasses, backward.firstPasses),
    },
    reasons: [forward.reason, backward.reason],
  };
}

/** What all judges of a task together make of a pair of answers. */
export interface Opinion {
  /** In [−1, 1]. */
  readonly difference: number;
  readonly passes: ScorePair | null;
}

/** A judge's comparison with the weight of its grader, > 0. */
export interface WeightedComparison {
  readonly weight: number;
  readonly comparison: Comparison;
}

/** The weighted mean of the judges that could tell; `undefined` where none could. */
export function combineComparisons(judged: readonly WeightedComparison[]): Opinion | undefined {
  const told = judged.flatMap(({ weight, comparison }) =>
    comparison.kind === 'compared' ? [{ weight, ...comparison }] : [],
  );
  if (told.length === 0) return undefined;
  const rated = told.flatMap(({ weight, passes }) => (passes === null ? [] : [{ weight, ...passes }]));
  return {
    difference: weightedMean(told, ({ difference }) => difference),
    passes:
      rated.length === 0
        ? null
        : {
            candidate: weightedMean(rated, ({ candidate }) => candidate),
            incumbent: weightedMean(rated, ({ incumbent }) => incumbent),
          },
  };
}

function share(one: boolean, other: boolean): number {
  return (Number(one) + Number(other)) / 2;
}

function weightedMean<Item extends { readonly weight: number }>(
  items: readonly Item[],
  of: (item: Item) => number,
): number {
  const weights = items.reduce((sum, { weight }) => sum + weight, 0);
  return items.reduce((sum, item) => sum + item.weight * of(item), 0) / weights;
}
