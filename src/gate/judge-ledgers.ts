import { differenceKey, primaryLedger } from '../domain/histogram.ts';
import { jointRow } from '../domain/joint-histogram.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { ScorePair } from './graders/combine.ts';
import { lengthOf } from './graders/judge.ts';

/** Ledger of what the judge thinks, truth or no truth: good for rejecting, not for promoting. */
export const judgeLedger = 'judge';

/**
 * Joint histogram of the labelled pairs' differences as the judge corrects them, X of `prediction-powered.ts`, in rows of
 * the weight that each was corrected with.
 */
export const correctedLedger = 'corrected';

/** Ledger of the judge's opinion of labelled pairs minus that of unlabelled ones: `labelShift`. */
export const labelShiftLedger = 'label-shift';

/** Joint histograms of a judge's opinion, in rows, and the truth, on the same pair or answer. */
export interface RatingLedgers {
  /** The judge's difference and the true one. */
  readonly pairs: string;
  /** Whether an answer passes and whether it is right, −1 for no and 1 for yes. */
  readonly candidate: string;
  readonly incumbent: string;
  /** How much longer the candidate's answer is, and half of what the judge's difference exceeds the true one by. */
  readonly length: string;
}

/** The ledgers that tell what one judge is worth; another judge has others. */
export function ratingLedgers(judgeId: string): RatingLedgers {
  return {
    pairs: `agreement:${judgeId}`,
    candidate: `agreement-candidate:${judgeId}`,
    incumbent: `agreement-incumbent:${judgeId}`,
    length: `length:${judgeId}`,
  };
}

/** Ratings of one request, named so that the means over a conversation can be taken like those of differences. */
const ratingStart = 'rating:';
const longer = `${ratingStart}longer`;
const passed = { candidate: `${ratingStart}candidate-passes`, incumbent: `${ratingStart}incumbent-passes` };
const right = { candidate: `${ratingStart}candidate-right`, incumbent: `${ratingStart}incumbent-right` };
const sides = ['candidate', 'incumbent'] as const;

/** What judge and truth say of two answers that both have rated. Values in [−1, 1]. */
export function ratingsOf(pair: {
  readonly candidate: ShadowRun;
  readonly incumbent: ShadowRun;
  readonly truth: ScorePair;
  readonly passes: ScorePair | null;
}): Readonly<Record<string, number>> {
  const { candidate, incumbent, truth, passes } = pair;
  const ratio = (lengthOf(candidate.completion) + 1) / (lengthOf(incumbent.completion) + 1);
  return {
    [longer]: Math.min(1, Math.max(-1, Math.log2(ratio))),
    ...(passes === null
      ? {}
      : Object.fromEntries(
          sides.flatMap((side) => [
            [passed[side], 2 * passes[side] - 1],
            [right[side], 2 * truth[side] - 1],
          ]),
        )),
  };
}

/** What a unit enters into the ledgers: its differences, and its ratings as rows of the judge's joint histograms. */
export function ledgersOf(
  measures: Readonly<Record<string, number>>,
  judgeId: string | null,
): Readonly<Record<string, number>> {
  const differences = Object.entries(measures).filter(([name]) => !name.startsWith(ratingStart));
  const [truth, judged] = [measures[primaryLedger], measures[judgeLedger]];
  if (judgeId === null || truth === undefined || judged === undefined) return Object.fromEntries(differences);
  const ledgers = ratingLedgers(judgeId);
  const ratio = measures[longer];
  return Object.fromEntries([
    ...differences,
    ...row(ledgers.pairs, judged, truth),
    // Steps of a quarter: a finer ruler would only scatter the counts.
    ...row(ledgers.length, ratio === undefined ? undefined : Math.round(4 * ratio) / 4, (judged - truth) / 2),
    ...sides.flatMap((side) => row(ledgers[side], measures[passed[side]], measures[right[side]])),
  ]);
}

/** One count in a joint histogram; none where either value is not known. */
function row(
  name: string,
  first: number | undefined,
  second: number | undefined,
): readonly (readonly [string, number])[] {
  if (first === undefined || second === undefined) return [];
  return [[jointRow(name, differenceKey(first)), second]];
}
