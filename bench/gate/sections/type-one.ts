import type { Random } from '../../../src/domain/random.ts';
import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import { logMixtureE } from '../../../src/stats/log-mixture-e.ts';
import { isAtMost } from '../binomial-bound.ts';
import { percent, runsAt, type Figure, type Section } from '../figure.ts';
import { binaryWorld, continuousWorld, gaussian, gradedWorld, type PairWorld } from '../pair-worlds.ts';
import { runRivals } from '../rivals.ts';
import { countUnit } from '../trial.ts';

const section = 'type-one';
const alpha = 0.05;
const pairsMax = 2000;
const worlds: readonly PairWorld[] = [binaryWorld(0.2), binaryWorld(0.4), gradedWorld, continuousWorld];

/** Type I error: a candidate that is no better, and a reader who looks after every pair and stops when it pleases. */
export const typeOne: Section = {
  name: section,
  summary: 'false promotions of one test, at any stopping time, beside the usual tests',
  run: (settings) => {
    const runs = runsAt(settings, 1000, 100);
    return [
      ...worlds.flatMap((world, index) => worldFigures(world, settings.seed + index, runs)),
      ...conversationFigures(settings.seed + worlds.length, runs),
    ];
  },
};

function worldFigures(world: PairWorld, seed: number, runs: number): readonly Figure[] {
  const random = createSeededRandom(seed);
  let crossed = 0;
  const rivals = { peeking: 0, bonferroni: 0, fixed: 0 };
  for (let run = 0; run < runs; run++) {
    const draw = (): number => world.draw(0, random);
    if (everCrosses(draw, world === continuousWorld ? 10 : 1)) crossed++;
    const trial = runRivals(draw);
    for (const rule of ['peeking', 'bonferroni', 'fixed'] as const) if (trial[rule] !== null) rivals[rule]++;
  }
  const label = `${world.name}, no effect`;
  return [
    {
      section,
      label,
      measured: percent(crossed / runs),
      promise: `≤ ${percent(alpha)} (Ville)`,
      isKept: isAtMost(crossed, runs, alpha),
    },
    ...(['peeking', 'bonferroni', 'fixed'] as const).map((rule) => ({
      section,
      label: `${label}: ${rule} t-test`,
      measured: percent(rivals[rule] / runs),
      promise: rule === 'peeking' ? 'for comparison; it promised 5 %' : 'for comparison',
      isKept: null,
    })),
  ];
}

/** Whether E(H0: mean ≤ 0) ever reaches 1/α. */
export function everCrosses(draw: () => number, lookEvery: number): boolean {
  const ledger: Record<string, Record<string, number>> = {};
  for (let pair = 1; pair <= pairsMax; pair++) {
    countUnit(ledger, { primary: draw() });
    if (pair % lookEvery === 0 && logMixtureE(ledger['primary'] ?? {}, 0) >= -Math.log(alpha)) return true;
  }
  return false;
}

/** Requests of one conversation share a fate: counted singly they look like more evidence than they are. */
function conversationFigures(seed: number, runs: number): readonly Figure[] {
  const random = createSeededRandom(seed);
  let byConversation = 0;
  let byRequest = 0;
  for (let run = 0; run < runs; run++) {
    const talk = conversations(random);
    if (everCrosses(() => mean(talk()), 10)) byConversation++;
    let waiting: readonly number[] = [];
    const single = (): number => {
      if (waiting.length === 0) waiting = talk();
      const [first = 0, ...rest] = waiting;
      waiting = rest;
      return first;
    };
    if (everCrosses(single, 10)) byRequest++;
  }
  return [
    {
      section,
      label: 'conversations of 10, SD .2 between them: the conversation is the unit',
      measured: percent(byConversation / runs),
      promise: `≤ ${percent(alpha)}`,
      isKept: isAtMost(byConversation, runs, alpha),
    },
    {
      section,
      label: 'the same, each request a unit',
      measured: percent(byRequest / runs),
      promise: 'for comparison; not what the gate does',
      isKept: null,
    },
  ];
}

/** Differences of the requests of one conversation after another. */
function conversations(random: Random): () => readonly number[] {
  return () => {
    const fate = 0.2 * gaussian(random);
    return Array.from({ length: 10 }, () => {
      const value = fate + 0.15 * gaussian(random);
      return Math.round(100 * Math.min(1, Math.max(-1, value))) / 100;
    });
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
