import { differenceKey } from '../../src/domain/histogram.ts';
import type { Random } from '../../src/domain/random.ts';
import { createSeededRandom } from '../../src/runtime/seeded-random.ts';
import { jointMoments } from '../../src/stats/joint-moments.ts';
import { judgeWeight } from '../../src/stats/judge-weight.ts';
import { logMixtureE } from '../../src/stats/log-mixture-e.ts';
import {
  calibratedEvidence,
  correctedDifference,
  labelShift,
  logLabelShiftE,
  roundUnbiased,
  type PredictedUnit,
} from '../../src/stats/prediction-powered.ts';

/** A candidate, a judge, and who gets labels. Differences are −1, 0 or 1. */
export interface JudgeWorld {
  /** True mean difference of the candidate. */
  readonly effect: number;
  /** Share of units on which candidate and incumbent differ. */
  readonly discordance: number;
  /** Chance that the judge says the truth; otherwise it says something unrelated. About the correlation. */
  readonly insight: number;
  /** Mean of what it says when it does not say the truth: a taste for long answers, where the candidate's are longer. */
  readonly taste: number;
  /** Chance of a label where the candidate is worse (−1), alike (0) and better (1). */
  readonly labelled: Readonly<Record<'-1' | '0' | '1', number>>;
}

/** How trials are run. */
export interface TrialSettings {
  /** Evidence at which a candidate is promoted: 1/α. */
  readonly threshold: number;
  /** Units that a trial looks at, at most. */
  readonly unitsMax: number;
  /** Labelled units from one look to the next. */
  readonly lookEvery: number;
  /** Unlabelled units for each labelled one, at most. */
  readonly unlabelledMax: number;
  /** Labelled units of earlier candidates that the weight is chosen from. */
  readonly pilot: number;
}

/** What became of one candidate under three rules: labelled pairs at promotion, `null` where it was not promoted. */
export interface JudgeTrial {
  /** Believes the judge as if it were the truth. */
  readonly byJudge: number | null;
  /** Uses labelled units alone. */
  readonly byTruth: number | null;
  /** Uses labelled units, sharpened by the judge. */
  readonly calibrated: number | null;
  readonly weight: number;
  /** Whether labels were ever found not to be missing at random. */
  readonly isShifted: boolean;
}

/** So many candidates one after the other, from a seed. */
export function runJudgeTrials(
  world: JudgeWorld,
  settings: TrialSettings,
  run: { readonly count: number; readonly seed: number },
): readonly JudgeTrial[] {
  const random = createSeededRandom(run.seed);
  return Array.from({ length: run.count }, () => runJudgeTrial(world, settings, random));
}

/** Labels missing at random. */
export function atRandom(share: number): JudgeWorld['labelled'] {
  return { '-1': share, '0': share, '1': share };
}

/** A judge that often tells the truth, and otherwise likes the candidate for its length. */
export const verboseJudge: JudgeWorld = {
  effect: -0.03,
  discordance: 0.4,
  insight: 0.6,
  taste: 0.3,
  labelled: atRandom(0.1),
};

/** A histogram that is counted in place, since trials are many. */
type Counts = Record<string, number>;

/** Evidence of a trial so far. */
interface Books {
  readonly truth: Counts;
  readonly corrected: Counts;
  readonly judged: Counts;
  readonly shifts: Counts;
  labels: number;
}

/** One candidate, tested until its units are used up; each rule looks again and again. */
function runJudgeTrial(world: JudgeWorld, settings: TrialSettings, random: Random): JudgeTrial {
  const { threshold, unitsMax, lookEvery, unlabelledMax } = settings;
  const weight = chooseWeight(world, settings, random);
  const bar = Math.log(threshold);
  const books: Books = { truth: {}, corrected: {}, judged: {}, shifts: {}, labels: 0 };
  let trial: JudgeTrial = { byJudge: null, byTruth: null, calibrated: null, weight, isShifted: false };
  let unlabelled: number[] = [];
  for (let unit = 0; unit < unitsMax; unit++) {
    const drawn = drawUnit(world, random);
    count(books.judged, drawn.judged);
    if (!drawn.isLabelled) {
      unlabelled.push(drawn.judged);
      continue;
    }
    enterBlock(books, { ...drawn, unlabelled: unlabelled.slice(-unlabelledMax) }, weight, random);
    unlabelled = [];
    if (books.labels % lookEvery === 0) trial = lookAgain(books, trial, bar);
  }
  return trial;
}

function enterBlock(books: Books, block: PredictedUnit, weight: number, random: Random): void {
  const corrected = roundUnbiased(correctedDifference(block, weight), random.next());
  const shift = labelShift(block);
  books.labels++;
  count(books.truth, block.truth);
  count(books.corrected, corrected);
  if (shift !== null) count(books.shifts, roundUnbiased(shift, random.next()));
}

function count(counts: Counts, difference: number): void {
  const key = String(differenceKey(difference));
  counts[key] = (counts[key] ?? 0) + 1;
}

function lookAgain(
  { truth, corrected, judged, shifts, labels }: Books,
  trial: JudgeTrial,
  bar: number,
): JudgeTrial {
  const isShifted = trial.isShifted || logLabelShiftE(shifts) >= Math.log(20);
  const row = String(differenceKey(trial.weight));
  const first = (before: number | null, log: () => number): number | null =>
    before ?? (log() >= bar ? labels : null);
  return {
    ...trial,
    byJudge: first(trial.byJudge, () => logMixtureE(judged, 0)),
    byTruth: first(trial.byTruth, () => logMixtureE(truth, 0)),
    calibrated: first(
      trial.calibrated,
      () => calibratedEvidence({ truth, corrected: { [row]: corrected }, isShifted }, 0.02).superiority,
    ),
    isShifted,
  };
}

/** The weight that earlier candidates of no effect, judged by the same judge, suggest. */
function chooseWeight(world: JudgeWorld, settings: TrialSettings, random: Random): number {
  const rows: Record<string, Counts> = {};
  const earlier = { ...world, effect: 0, labelled: atRandom(1) };
  for (let unit = 0; unit < settings.pilot; unit++) {
    const { truth, judged } = drawUnit(earlier, random);
    count((rows[String(differenceKey(judged))] ??= {}), truth);
  }
  const moments = jointMoments(rows);
  if (moments === null) return 0;
  const share = world.labelled['0'];
  return judgeWeight({
    varianceTruth: moments.varianceSecond,
    varianceJudged: moments.varianceFirst,
    covariance: moments.covariance,
    unlabelledPerLabel: Math.min(settings.unlabelledMax, (1 - share) / share),
    effect: 0.02,
    logThreshold: Math.log(settings.threshold),
  });
}

interface Unit {
  readonly truth: number;
  readonly judged: number;
  readonly isLabelled: boolean;
}

function drawUnit({ effect, discordance, insight, taste, labelled }: JudgeWorld, random: Random): Unit {
  const truth = signOf(effect, discordance, random);
  const judged = random.next() < insight ? truth : signOf(taste, discordance, random);
  const chance = truth < 0 ? labelled['-1'] : truth > 0 ? labelled['1'] : labelled['0'];
  return { truth, judged, isLabelled: random.next() < chance };
}

/** −1, 0 or 1 with the given mean, not 0 with the given chance. */
function signOf(mean: number, discordance: number, random: Random): number {
  const draw = random.next();
  if (draw < (discordance + mean) / 2) return 1;
  return draw < discordance ? -1 : 0;
}

/** The middle one of the numbers, those that are `null` being beyond all; `null` where the middle is. */
export function medianOf(values: readonly (number | null)[]): number | null {
  const sorted = values.map((value) => value ?? Infinity).toSorted((one, other) => one - other);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity;
  return Number.isFinite(middle) ? middle : null;
}

/** Share of the trials that promoted by a rule. */
export function promotedShare(
  trials: readonly JudgeTrial[],
  rule: 'byJudge' | 'byTruth' | 'calibrated',
): number {
  return trials.filter((trial) => trial[rule] !== null).length / trials.length;
}
