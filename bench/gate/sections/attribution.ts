import { decideBurst, burstPairsMax } from '../../../src/gate/burst.ts';
import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import { isAtLeast, isAtMost } from '../binomial-bound.ts';
import { percent, runsAt, type Figure, type Section } from '../figure.ts';
import { median } from '../median.ts';
import { binaryWorld } from '../pair-worlds.ts';
import { countUnit } from '../trial.ts';

const section = 'attribution';
const world = binaryWorld(0.2);
const batch = 10;

/** What an alarm is put down to. */
export interface Attributed {
  readonly kind: 'regression' | 'undecided' | 'upstream-drift';
  readonly pairs: number;
}

/** A burst of paired replays against the previous incumbent, whose true difference is `effect`. */
export function runBurst(effect: number, seed: number): Attributed {
  const random = createSeededRandom(seed);
  const ledger: Record<string, Record<string, number>> = {};
  for (let pairs = batch; ; pairs += batch) {
    for (let pair = 0; pair < batch; pair++) countUnit(ledger, { primary: world.draw(effect, random) });
    const contest = { opponentId: 'before', differences: ledger['primary'] ?? {} };
    const { kind } = decideBurst([contest], pairs >= burstPairsMax);
    if (kind !== 'continue') return { kind, pairs };
  }
}

function blamed(found: readonly Attributed[]): readonly Attributed[] {
  return found.filter(({ kind }) => kind === 'regression');
}

/** Who is to blame for an alarm. */
export const attribution: Section = {
  name: section,
  summary: 'whether a burst of replays tells a bad edit from a model that changed',
  run: (settings) => {
    const runs = runsAt(settings, 400, 60);
    const burst = (effect: number): readonly Attributed[] =>
      Array.from({ length: runs }, (_, run) => runBurst(effect, settings.seed + run));
    const drift = burst(0);
    const harmless = blamed(drift).length;
    return [
      {
        section,
        label: 'the model fell for all alike: blamed on the edit',
        measured: `${percent(harmless / runs)}; rolled back in doubt ${percent(drift.filter(({ kind }) => kind === 'undecided').length / runs)}`,
        promise: '≤ 5 %; about 3 %',
        isKept: isAtMost(harmless, runs, 0.05),
      },
      ...(
        [
          [0.2, 1],
          [0.1, 0.98],
          [0.05, 0.39],
        ] as const
      ).map(([loss, known]): Figure => {
        const found = burst(-loss);
        const guilty = blamed(found);
        const rolledBack = found.filter(({ kind }) => kind !== 'upstream-drift').length;
        return {
          section,
          label: `the edit lost ${loss}: blamed on it`,
          measured: `${percent(guilty.length / runs)} after ${median(guilty.map(({ pairs }) => pairs)) ?? '–'}; rolled back ${percent(rolledBack / runs)}`,
          promise: `about ${percent(known)} or more`,
          isKept: isAtLeast(guilty.length, runs, Math.max(0, known - 0.06)),
        };
      }),
    ];
  },
};
