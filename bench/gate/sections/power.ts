import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import { isAbout, isAtLeast, isAtMost } from '../binomial-bound.ts';
import { percent, runsAt, type Figure, type Section } from '../figure.ts';
import { median } from '../median.ts';
import { binaryWorld, continuousWorld, gradedWorld, type PairWorld } from '../pair-worlds.ts';
import { runRivals } from '../rivals.ts';
import { runTrial, usualTerms } from '../trial.ts';

const section = 'power';

/** Promotions by 2,000 pairs at α = .05 and median pairs, as statistics.md, section 3, has them. */
interface Known {
  readonly effect: number;
  readonly share: number;
  readonly pairs: number;
}

const known: readonly (readonly [PairWorld, readonly Known[]])[] = [
  [
    binaryWorld(0.2),
    [
      { effect: 0.02, share: 0.28, pairs: 1078 },
      { effect: 0.05, share: 0.99, pairs: 586 },
      { effect: 0.1, share: 1, pairs: 144 },
    ],
  ],
  [
    binaryWorld(0.4),
    [
      { effect: 0.02, share: 0.15, pairs: 857 },
      { effect: 0.05, share: 0.78, pairs: 861 },
      { effect: 0.1, share: 1, pairs: 310 },
    ],
  ],
  [
    gradedWorld,
    [
      { effect: 0.02, share: 0.94, pairs: 710 },
      { effect: 0.05, share: 1, pairs: 178 },
      { effect: 0.1, share: 1, pairs: 74 },
    ],
  ],
  [
    continuousWorld,
    [
      { effect: 0.02, share: 1, pairs: 475 },
      { effect: 0.05, share: 1, pairs: 143 },
      { effect: 0.1, share: 1, pairs: 66 },
    ],
  ],
];

/** How far a figure may lie from a simulation of other draws, beyond the luck of both. */
const slack = 0.05;
const pairsSlack = 0.2;

/** No futility: nobody doubts that the mean is at least -.5, so tests run on as in the tables. */
const patient = { ...usualTerms, mde: -0.5 };

/** Power and pairs, beside rivals; then what the whole rule makes of harm, nothing and a small gain. */
export const power: Section = {
  name: section,
  summary: 'promotions and pairs by effect, beside peeking, Bonferroni and fixed-n t-tests',
  run: (settings) => {
    const runs = runsAt(settings, 1000, 60);
    return [
      ...known.flatMap(([world, rows], index) =>
        rows.flatMap((row) => powerFigures(world, row, { seed: settings.seed + index, runs })),
      ),
      ...verdictFigures(settings.seed, runs),
    ];
  },
};

function powerFigures(
  world: PairWorld,
  { effect, share, pairs }: Known,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): readonly Figure[] {
  const random = createSeededRandom(Math.round(1000 * effect) + 7919 * seed);
  const gate: number[] = [];
  const rivals = { peeking: [] as number[], bonferroni: [] as number[], fixed: [] as number[] };
  for (let run = 0; run < runs; run++) {
    const draw = (): number => world.draw(effect, random);
    const end = runTrial(() => ({ primary: draw() }), { terms: patient, alphaLevel: 0.05 });
    if (end.kind === 'promote') gate.push(end.pairs);
    const trial = runRivals(draw);
    for (const rule of ['peeking', 'bonferroni', 'fixed'] as const)
      if (trial[rule] !== null) rivals[rule].push(trial[rule]);
  }
  const middle = median(gate) ?? 0;
  const label = `${world.name}, +${effect}`;
  const text = (found: readonly number[]): string =>
    `${percent(found.length / runs)} after ${median(found) ?? '–'}`;
  return [
    {
      section,
      label,
      measured: text(gate),
      promise: `about ${percent(share)} after ${pairs}`,
      isKept:
        isAbout(gate.length, runs, { chance: share, slack }) &&
        Math.abs(middle - pairs) <= pairsSlack * pairs + luckOfMedian(gate),
    },
    ...(['peeking', 'bonferroni', 'fixed'] as const).map((rule) => ({
      section,
      label: `${label}: ${rule} t-test`,
      measured: text(rivals[rule]),
      promise: 'for comparison',
      isKept: null,
    })),
  ];
}

/** Five standard errors of a median, about 1.25 of the mean's each. Without promotions nothing can be said. */
function luckOfMedian(values: readonly number[]): number {
  if (values.length < 2) return Infinity;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (5 * 1.25 * Math.sqrt(squares / (values.length - 1))) / Math.sqrt(values.length);
}

/** Promoted, rejected and undecided at α = .05, graded scores. */
function verdictFigures(seed: number, runs: number): readonly Figure[] {
  return [
    { effect: -0.05, promoted: 0, rejected: 1 },
    { effect: 0, promoted: 0.01, rejected: 0.97 },
    { effect: 0.02, promoted: 0.93, rejected: 0.03 },
  ].map(({ effect, promoted, rejected }): Figure => {
    const random = createSeededRandom(seed + 31 + Math.round(1000 * effect));
    const ends = Array.from({ length: runs }, () =>
      runTrial(() => ({ primary: gradedWorld.draw(effect, random) }), { alphaLevel: 0.05 }),
    );
    const count = (kind: string): number => ends.filter((end) => end.kind === kind).length;
    const pairs = ends.reduce((sum, end) => sum + end.pairs, 0) / runs;
    return {
      section,
      label: `${gradedWorld.name}, ${effect}: promoted/rejected/undecided`,
      measured: `${['promote', 'reject', 'inconclusive'].map((kind) => percent(count(kind) / runs)).join(' / ')}, ${pairs.toFixed(0)} pairs`,
      promise: `about ${percent(promoted)} / ${percent(rejected)}`,
      isKept:
        isAtMost(count('promote'), runs, promoted + slack) &&
        isAtLeast(count('promote'), runs, Math.max(0, promoted - slack)) &&
        isAbout(count('reject'), runs, { chance: rejected, slack }),
    };
  });
}
