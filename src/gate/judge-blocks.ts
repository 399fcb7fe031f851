import { differenceKey, primaryLedger } from '../domain/histogram.ts';
import { jointRow } from '../domain/joint-histogram.ts';
import type { Judging } from '../domain/judging.ts';
import type { Random } from '../domain/random.ts';
import type { Pair } from '../domain/shadow-run.ts';
import { correctedDifference, labelShift, roundUnbiased } from '../stats/prediction-powered.ts';
import { correctedLedger, judgeLedger, labelShiftLedger, ledgersOf } from './judge-ledgers.ts';

/**
 * Unlabelled units that one labelled one uses, at most. The correction's variance falls with 1 + 1/k, so more than a
 * few are hardly worth two answers and two looks of the judge each.
 */
export const unlabelledPerLabelMax = 4;

/**
 * The pairs that a cycle's units make, ready to be counted. Where the judge has a weight, each labelled unit takes its
 * share of the unlabelled ones and is corrected by them; all of them are counted together, so a cycle that breaks off
 * leaves no half of a block. Unlabelled units that no labelled one used are left out, and wait. Which unit goes where
 * is settled by their order alone, never by what was found. Without a weight the corrected difference is the true one.
 */
export function enterBlocks(
  units: readonly Pair[],
  judging: Pick<Judging, 'judgeId' | 'weight'> | undefined,
  random: Random,
): readonly Pair[] {
  const { judgeId, weight } = judging ?? { judgeId: null, weight: 0 };
  const labelled = units.filter(isLabelled);
  const entered = (unit: Pair, more: Readonly<Record<string, number>> = {}): Pair => ({
    ...unit,
    differences: { ...ledgersOf(unit.differences, judgeId), ...more },
  });
  if (judging === undefined || labelled.length === 0) return units.map((unit) => entered(unit));
  if (weight === 0)
    return units.map((unit) => entered(unit, isLabelled(unit) ? correctionOf(unit, [], 0, random) : {}));
  const company = units.filter((unit) => !isLabelled(unit) && isJudged(unit));
  const silent = units.filter((unit) => !isLabelled(unit) && !isJudged(unit));
  const shares = shareOut(company, labelled.filter(isJudged).length);
  let next = 0;
  return [
    ...labelled.flatMap((unit) => {
      const share = isJudged(unit) ? (shares[next++] ?? []) : [];
      return [entered(unit, correctionOf(unit, share, weight, random)), ...share.map((one) => entered(one))];
    }),
    ...silent.map((unit) => entered(unit)),
  ];
}

function correctionOf(
  { differences }: Pair,
  share: readonly Pair[],
  weight: number,
  random: Random,
): Readonly<Record<string, number>> {
  const unlabelled = share.flatMap((unit) => unit.differences[judgeLedger] ?? []);
  const judged = differences[judgeLedger] ?? null;
  // Both ledgers must speak of the same score, so the truth is rounded here as it is there.
  const truth = differenceKey(differences[primaryLedger] ?? 0) / 100;
  const corrected = correctedDifference({ truth, judged, unlabelled }, weight);
  const shift = labelShift({ judged, unlabelled });
  return {
    [jointRow(correctedLedger, differenceKey(weight))]: roundUnbiased(corrected, random.next()),
    ...(shift === null ? {} : { [labelShiftLedger]: roundUnbiased(shift, random.next()) }),
  };
}

/** As even as can be, in order. */
function shareOut(company: readonly Pair[], shares: number): readonly (readonly Pair[])[] {
  const used = company.slice(0, unlabelledPerLabelMax * shares);
  return Array.from({ length: shares }, (_, share) =>
    used.filter((_unit, place) => place % shares === share),
  );
}

function isLabelled({ differences }: Pair): boolean {
  return differences[primaryLedger] !== undefined;
}

function isJudged({ differences }: Pair): boolean {
  return differences[judgeLedger] !== undefined;
}
