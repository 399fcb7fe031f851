import { contenders, fullLearner, oneAtATime } from './contender.ts';
import { geometricMean, mean, share, type Estimate } from './intervals.ts';
import { areaUnder, callsTo, reach } from './measures.ts';
import type { RunResult } from './run.ts';
import type { Measured } from './sections.ts';

/** Calls over which areas are taken. */
const areaCalls = 10_000;

/** How near to the best prompt is near enough. */
const nearEnough = 0.02;

/** A table of texts. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One contender over all runs of one set of worlds. */
export function contenderTable(results: readonly RunResult[]): Table {
  const names = contenders.filter((name) => results.some(({ contender }) => contender === name));
  return {
    head: [
      'contender',
      `value over ${areaCalls.toLocaleString('en')} calls`,
      'at the end',
      'within 2 points of the best',
      'median calls until then',
      'promoted',
      'harmful',
    ],
    rows: names.map((name) => {
      const own = results.filter(({ contender }) => contender === name);
      const reached = own.flatMap((result) => reach(result, result.best - nearEnough) ?? []);
      return [
        name,
        estimateText(mean(own.map((result) => areaUnder(result, areaCalls)))),
        mean(own.map(({ steps }) => steps.at(-1)?.value ?? 0)).value.toFixed(3),
        `${reached.length} of ${own.length}`,
        reached.length === 0
          ? ''
          : (reached.toSorted((a, b) => a - b)[reached.length >> 1] ?? 0).toLocaleString('en'),
        String(sum(own.map(({ promoted }) => promoted))),
        String(sum(own.map(({ harmful }) => harmful))),
      ];
    }),
  };
}

/**
 * The full learner's calls beside those of the best single optimizer, world by world: calls to the level that the best of
 * all contenders reached on average, less 2 points; runs that never came there count with all of their calls.
 */
export function worstCaseTable(results: readonly RunResult[]): Table {
  const worlds = [...new Set(results.map(({ world }) => world))];
  return {
    head: ['world', 'best single optimizer', 'its calls', 'full learner', 'ratio'],
    rows: worlds.map((world) => {
      const own = results.filter((result) => result.world === world);
      const levels = new Map(
        [...Map.groupBy(own, ({ seed }) => seed)].map(([seed, runs]) => [
          seed,
          Math.max(...runs.map(({ steps }) => steps.at(-1)?.value ?? 0)) - nearEnough,
        ]),
      );
      const callsOf = (name: string): number =>
        mean(
          own
            .filter(({ contender }) => contender === name)
            .map((result) => callsTo(result, levels.get(result.seed) ?? 0).calls),
        ).value;
      const singles = contenders.filter(
        (name) =>
          name !== fullLearner && name !== oneAtATime && own.some(({ contender }) => contender === name),
      );
      const best = singles.toSorted((one, other) => callsOf(one) - callsOf(other))[0] ?? '';
      const [theirs, ours] = [callsOf(best), callsOf(fullLearner)];
      return [world, best, whole(theirs), whole(ours), (ours / theirs).toFixed(2)];
    }),
  };
}

/** Calls of one set of runs per calls of another to the value that the latter reached; both by world and seed. */
function callRatio(runs: readonly RunResult[], rivals: readonly RunResult[]): Estimate | null {
  const ratios = rivals.flatMap((rival) => {
    const level = (rival.steps.at(-1)?.value ?? 0) - 1e-9;
    const own = runs.find(({ world, seed }) => world === rival.world && seed === rival.seed);
    if (own === undefined || level <= rival.own) return [];
    return [callsTo(own, level).calls / callsTo(rival, level).calls];
  });
  return ratios.length === 0 ? null : geometricMean(ratios);
}

/** What the targets speak of, each in a sentence. */
export function targetLines({ cold, warm, pairs }: Measured): readonly string[] {
  const lines: string[] = [];
  const of = (name: string): readonly RunResult[] => cold.filter(({ contender }) => contender === name);
  for (const [label, runs] of [
    ['full learner that knows the others', warm],
    ['full learner that knows nothing', of(fullLearner)],
  ] as const)
    for (const rival of ['opro', oneAtATime]) {
      const ratio = callRatio(runs, of(rival));
      if (ratio !== null)
        lines.push(
          `${label}: ${estimateText(ratio)} of the calls of ${rival} to the value that ${rival} reached (${ratio.count} runs)`,
        );
    }
  for (const [label, runs] of [
    ['all others', warm],
    ['one other', pairs.map(({ result }) => result)],
  ] as const) {
    const gains = runs.flatMap((result) => {
      const before = of(fullLearner).find(
        ({ world, seed }) => world === result.world && seed === result.seed,
      );
      return before === undefined ? [] : [areaUnder(result, areaCalls) - areaUnder(before, areaCalls)];
    });
    if (gains.length === 0) continue;
    const kept = share(gains.filter((gain) => gain >= -1e-9).length, gains.length);
    lines.push(
      `transfer from ${label} is not negative in ${percent(kept)} of ${kept.count} runs; mean gain ${estimateText(mean(gains))} in value over ${areaCalls.toLocaleString('en')} calls`,
    );
  }
  return lines;
}

/** Optimizers by how many promotions they proposed. */
export function promotionLine(results: readonly RunResult[]): string {
  const counts = [
    ...Map.groupBy(
      results.flatMap(({ promotedBy }) => promotedBy),
      (name) => name,
    ),
  ].map(([name, all]) => [name, all.length] as const);
  return counts
    .toSorted((one, other) => other[1] - one[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function estimateText({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function percent({ value, low, high }: Estimate): string {
  return `${hundredths(value)} % (${hundredths(low)} to ${hundredths(high)} %)`;
}

function hundredths(part: number): string {
  return (100 * part).toFixed(0);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
