import type { TestTerms } from '../../../src/domain/test-terms.ts';
import { createSeededRandom } from '../../../src/runtime/seeded-random.ts';
import { anchorLedger } from '../../../src/gate/test-evidence.ts';
import { isAtLeast, isAtMost } from '../binomial-bound.ts';
import { percent, runsAt, type Figure, type Section } from '../figure.ts';
import { gradedWorld } from '../pair-worlds.ts';
import { runTrial, usualTerms } from '../trial.ts';

const section = 'equivalence';
const margin = 0.05;
const terms: TestTerms = {
  ...usualTerms,
  mode: 'equivalence',
  margin,
  secondary: { name: 'tokens', mde: 0.02 },
  anchorId: 'anchor',
};

/** Shorter prompts at no loss: alone, and in a chain of small losses. */
export const equivalence: Section = {
  name: section,
  summary: 'shorter at no loss: one edit, and a chain of edits that each lose a little',
  run: (settings) => {
    const runs = runsAt(settings, 400, 60);
    const share = (loss: number, isShorter: boolean): number => {
      const random = createSeededRandom(settings.seed);
      let hits = 0;
      for (let run = 0; run < runs; run++) {
        const end = runTrial(
          () => ({
            primary: gradedWorld.draw(-loss, random),
            [anchorLedger]: gradedWorld.draw(-loss, random),
            tokens: isShorter ? 0.1 : random.next() < 0.5 ? 0.05 : -0.05,
          }),
          { terms, alphaLevel: 0.05 },
        );
        if (end.kind === 'promote') hits++;
      }
      return hits;
    };
    const [equal, worse, same] = [share(0, true), share(margin, true), share(0, false)];
    return [
      {
        section,
        label: 'as good, a tenth shorter',
        measured: percent(equal / runs),
        promise: '≥ 90 % by 2,000 pairs',
        isKept: isAtLeast(equal, runs, 0.9),
      },
      {
        section,
        label: 'worse by the margin, a tenth shorter',
        measured: percent(worse / runs),
        promise: '≤ 5 %',
        isKept: isAtMost(worse, runs, 0.05),
      },
      {
        section,
        label: 'as good, no shorter',
        measured: percent(same / runs),
        promise: '≤ 5 %',
        isKept: isAtMost(same, runs, 0.05),
      },
      ...chainFigures(settings.seed, runsAt(settings, 100, 20)),
    ];
  },
};

/** Twenty edits that each lose three fifths of the margin. */
function chainFigures(seed: number, chains: number): readonly Figure[] {
  return ([true, false] as const).map((isAnchored): Figure => {
    const losses = Array.from({ length: chains }, (_, chain) => chainLoss(seed + chain, isAnchored));
    const beyond = losses.filter((loss) => loss > margin).length;
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / chains;
    return {
      section,
      label: `20 edits of −.03 each, margin .05, ${isAnchored ? 'beside the anchor' : 'beside the last incumbent alone'}`,
      measured: `ends ${mean.toFixed(3)} lower; ${percent(beyond / chains)} beyond the margin`,
      // Each of the 20 proposals may be promoted wrongly with probability α_t = .05/25.
      promise: isAnchored ? 'beyond the margin ≤ 5 % (one block)' : 'for comparison',
      isKept: isAnchored ? isAtMost(beyond, chains, 0.05) : null,
    };
  });
}

/** How far below the start a chain ends. */
export function chainLoss(seed: number, isAnchored: boolean): number {
  const random = createSeededRandom(seed);
  const step = 0.03;
  let loss = 0;
  let promotions = 0;
  for (let proposal = 0; proposal < 20; proposal++) {
    const end = runTrial(
      () => ({
        primary: gradedWorld.draw(-step, random),
        // No world of five levels holds greater losses.
        [anchorLedger]: gradedWorld.draw(-Math.min(0.1, loss + step), random),
        tokens: 0.1,
      }),
      {
        terms: isAnchored ? terms : { ...terms, anchorId: null },
        alphaLevel: (0.05 / 25) * (promotions + 1),
      },
    );
    if (end.kind !== 'promote') continue;
    loss += step;
    promotions++;
  }
  return loss;
}
