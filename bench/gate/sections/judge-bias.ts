import { isAtLeast, isAtMost } from '../binomial-bound.ts';
import { percent, runsAt, type Figure, type RunSettings, type Section } from '../figure.ts';
import {
  atRandom,
  medianOf,
  promotedShare,
  runJudgeTrials,
  verboseJudge,
  type JudgeTrial,
  type JudgeWorld,
  type TrialSettings,
} from '../judge-calibration.ts';

const section = 'judge';
const settings: TrialSettings = {
  threshold: 20,
  unitsMax: 4_000,
  lookEvery: 10,
  unlabelledMax: 9,
  pilot: 300,
};

const biased: readonly (readonly [string, JudgeWorld, Partial<TrialSettings>])[] = [
  ['.03 worse, longer; 10 % labelled', verboseJudge, {}],
  [
    'no better; a keen judge that leans to it; 10 % labelled',
    { ...verboseJudge, effect: 0, insight: 0.8, taste: 0.4 },
    { unitsMax: 5_000 },
  ],
  [
    'no better; a fair judge that leans to it; 30 % labelled',
    { ...verboseJudge, effect: 0, insight: 0.5, taste: 0.3, labelled: atRandom(0.3) },
    {},
  ],
];

/** Judges that like the wrong thing, and what good ones save. */
export const judgeBias: Section = {
  name: section,
  summary: 'a judge that likes long answers, believed and calibrated; labelled pairs that a good one saves',
  run: (run) => [...biasFigures(run), ...savingFigures(run), shiftFigure(run)],
};

function trials(world: JudgeWorld, count: number, seed: number, change: Partial<TrialSettings> = {}) {
  return runJudgeTrials(world, { ...settings, ...change }, { count, seed });
}

function biasFigures(run: RunSettings): readonly Figure[] {
  const count = runsAt(run, 1000, 60);
  return biased.flatMap(([label, world, change], index) => {
    const found = trials(world, count, run.seed + index, change);
    const hits = found.filter(({ calibrated }) => calibrated !== null).length;
    const share = (rule: 'byJudge' | 'byTruth'): string => percent(promotedShare(found, rule));
    return [
      {
        section,
        label: `${label}: believed / truth alone`,
        measured: `${share('byJudge')} / ${share('byTruth')}`,
        promise: 'for comparison',
        isKept: null,
      },
      {
        section,
        label: `${label}: corrected`,
        measured: percent(hits / count),
        promise: '≤ 5 %',
        isKept: isAtMost(hits, count, 0.05),
      },
    ];
  });
}

function savingFigures(run: RunSettings): readonly Figure[] {
  const count = runsAt(run, 60, 20);
  const rows = [
    { insight: 0.8, share: 0.1, effect: 0.1, most: 0.8 },
    { insight: 0.8, share: 0.1, effect: 0.05, most: 0.8 },
    { insight: 0.8, share: 0.3, effect: 0.1, most: 0.9 },
    { insight: 0.5, share: 0.1, effect: 0.1, most: 1.03 },
  ];
  return rows.map(({ insight, share, effect, most }): Figure => {
    const world = { ...verboseJudge, effect, insight, taste: effect / 2, labelled: atRandom(share) };
    const unitsMax = Math.round((effect < 0.1 ? 5_000 : 1_500) / share);
    const found = trials(world, count, run.seed + 50, { threshold: 500, unitsMax });
    const before = medianOf(found.map(({ byTruth }) => byTruth));
    const after = medianOf(found.map(({ calibrated }) => calibrated));
    const ratio = before === null || after === null ? Infinity : after / before;
    return {
      section,
      label: `judge of ${insight}, ${percent(share)} labelled, +${effect}: labelled pairs`,
      measured: `${before ?? '–'} alone, ${after ?? '–'} corrected, ${percent(ratio)}`,
      promise: `≤ ${percent(most)}, and the luck of two medians`,
      isKept: ratio <= most + luckOfRatio(found),
    };
  });
}

/** Five standard errors of a ratio of two medians, from the runs that ended in promotion. */
function luckOfRatio(found: readonly JudgeTrial[]): number {
  const alone = found.map(({ byTruth }) => byTruth);
  const corrected = found.map(({ calibrated }) => calibrated);
  return 5 * Math.sqrt(relativeVariance(alone) + relativeVariance(corrected));
}

/** Of a median, in units of its square. A median's standard error is about 1.25 times a mean's. */
function relativeVariance(values: readonly (number | null)[]): number {
  const ended = values.flatMap((value) => value ?? []);
  const mean = ended.reduce((sum, value) => sum + value, 0) / ended.length;
  const squares = ended.reduce((sum, value) => sum + (value / mean - 1) ** 2, 0);
  return (1.25 ** 2 * squares) / (ended.length - 1) / ended.length;
}

function shiftFigure(run: RunSettings): Figure {
  const count = runsAt(run, 100, 20);
  const world = { ...verboseJudge, labelled: { '-1': 0.05, '0': 0.1, '1': 0.2 } };
  const noticed = trials(world, count, run.seed + 90, { unitsMax: 8_000 }).filter(
    ({ isShifted }) => isShifted,
  ).length;
  return {
    section,
    label: 'ground truth that good answers get more often is noticed',
    measured: percent(noticed / count),
    promise: '≥ 95 %',
    isKept: isAtLeast(noticed, count, 0.95),
  };
}
