import { describe, expect, it } from 'vitest';
import type { Random } from '../domain/random.ts';
import { drawCreditLog, editEffects, trueEffect } from './credit-world.case.ts';
import { creditOfEdits, type CreditObservation, type EditCredit } from './edit-credit.ts';
import { factorialCredit } from './factorial-credit.ts';
import type { Interval } from './interval.ts';
import { seededRandom } from './seeded-random.case.ts';
import { tsallisWeights } from './tsallis-weights.ts';

const edits = Object.keys(editEffects).toSorted();

/** Bias and coverage of one quantity over many logs. */
class Tally {
  private count = 0;
  private error = 0;
  private covered = 0;

  add(estimate: number, { low, high }: Interval, truth: number): void {
    this.count += 1;
    this.error += estimate - truth;
    this.covered += low <= truth && truth <= high ? 1 : 0;
  }

  get bias(): number {
    return this.error / this.count;
  }

  get coverage(): number {
    return this.covered / this.count;
  }
}

class Tallies {
  readonly byName: Map<string, Tally> = new Map();

  of(name: string): Tally {
    const tally = this.byName.get(name) ?? new Tally();
    this.byName.set(name, tally);
    return tally;
  }
}

/** Counts each context against its own truth, and the pooled effect against the same mixture of these: the result. */
function tallyCredit(credit: EditCredit, interaction: number, tallies: Tallies): number {
  if (credit.kind === 'not-identified') throw new Error(`${credit.edit}: ${credit.reason}`);
  let precision = 0;
  let mixture = 0;
  for (const { context, contrast } of credit.contexts) {
    if (contrast.kind === 'not-identified') continue;
    const truth = trueEffect([...context, credit.edit], interaction) - trueEffect(context, interaction);
    tallies.of(`${credit.edit} in ${context.join('+')}`).add(contrast.estimate, contrast, truth);
    precision += contrast.standardError ** -2;
    mixture += truth * contrast.standardError ** -2;
  }
  tallies.of(`${credit.edit} pooled`).add(credit.effect.estimate, credit.effect, mixture / precision);
  return mixture / precision;
}

/** All episodes with the edit against all without. */
function naiveContrast(
  log: readonly CreditObservation[],
  edit: string,
): Interval & { readonly estimate: number } {
  const sums = { with: { count: 0, sum: 0, squares: 0 }, without: { count: 0, sum: 0, squares: 0 } };
  for (const observation of log) {
    const side = sums[observation.edits.includes(edit) ? 'with' : 'without'];
    side.count += 1;
    side.sum += observation.reward;
    side.squares += observation.reward ** 2;
  }
  const estimate = sums.with.sum / sums.with.count - sums.without.sum / sums.without.count;
  const variance = [sums.with, sums.without].reduce(
    (total, { count, sum, squares }) => total + (squares / count - (sum / count) ** 2) / count,
    0,
  );
  const reach = 1.96 * Math.sqrt(variance);
  return { estimate, low: estimate - reach, high: estimate + reach };
}

describe.each([0, 0.06])('with an interaction of %d', (interaction) => {
  it('edge contrasts have a bias of at most .002 and cover 92 to 98 %, context by context and pooled', () => {
    const random = seededRandom(41);
    const tallies = new Tallies();
    for (let run = 0; run < 400; run++)
      for (const credit of creditOfEdits(
        drawCreditLog({ episodes: 3_000, interaction, rewards: 'graded' }, random),
      ))
        tallyCredit(credit, interaction, tallies);
    // Three edits, in two, three and two contexts.
    expect(tallies.byName.size).toBe(10);
    for (const [name, { bias, coverage }] of tallies.byName) {
      expect(Math.abs(bias), `bias of ${name}`).toBeLessThanOrEqual(0.002);
      expect(coverage, `coverage of ${name}`).toBeGreaterThanOrEqual(0.92);
      expect(coverage, `coverage of ${name}`).toBeLessThanOrEqual(0.98);
    }
  });

  it('they cover as well where rewards are 0 or 1, and the naive difference does not', () => {
    const random = seededRandom(42);
    const [edges, naive] = [new Tallies(), new Tallies()];
    for (let run = 0; run < 300; run++) {
      const log = drawCreditLog({ episodes: 6_000, interaction, rewards: 'binary' }, random);
      for (const credit of creditOfEdits(log)) {
        const truth = tallyCredit(credit, interaction, edges);
        const found = naiveContrast(log, credit.edit);
        naive.of(credit.edit).add(found.estimate, found, truth);
      }
    }
    for (const edit of edits) {
      const { bias, coverage } = edges.of(`${edit} pooled`);
      expect(Math.abs(bias), `bias of ${edit}`).toBeLessThanOrEqual(0.004);
      expect(coverage, `coverage of ${edit}`).toBeGreaterThanOrEqual(0.92);
      expect(coverage, `coverage of ${edit}`).toBeLessThanOrEqual(0.98);
      expect(naive.of(edit).bias, `naive bias of ${edit}`).toBeGreaterThan(0.04);
      expect(naive.of(edit).coverage, `naive coverage of ${edit}`).toBeLessThan(0.2);
    }
  });
});

describe('the factorial summary', () => {
  function summaries(interaction: number): { readonly tallies: Tallies; readonly refused: number } {
    const random = seededRandom(43);
    const tallies = new Tallies();
    let refused = 0;
    for (let run = 0; run < 500; run++) {
      const log = drawCreditLog({ episodes: 3_000, interaction, rewards: 'graded' }, random);
      const summary = factorialCredit(log, { additivityMin: 0 });
      if (summary.kind !== 'summary') throw new Error(summary.kind);
      for (const effect of summary.effects)
        tallies.of(effect.edit).add(effect.estimate, effect, editEffects[effect.edit]!);
      refused += summary.additivity.probability < 0.05 ? 1 / 500 : 0;
    }
    return { tallies, refused };
  }

  it('is right where edits add up, and rarely refused there', () => {
    const { tallies, refused } = summaries(0);
    expect(tallies.byName.size).toBe(3);
    for (const [edit, { bias, coverage }] of tallies.byName) {
      expect(Math.abs(bias), `bias of ${edit}`).toBeLessThanOrEqual(0.002);
      expect(coverage, `coverage of ${edit}`).toBeGreaterThanOrEqual(0.92);
      expect(coverage, `coverage of ${edit}`).toBeLessThanOrEqual(0.98);
    }
    expect(refused).toBeLessThan(0.09);
  });

  it('would be wrong where they do not, and is refused there', () => {
    const { tallies, refused } = summaries(0.06);
    expect(tallies.of('examples').bias).toBeGreaterThan(0.03);
    expect(tallies.of('examples').coverage).toBeLessThan(0.2);
    expect(refused).toBeGreaterThan(0.95);
  });
});

describe('where routing follows the very rewards that are contrasted', () => {
  const effect = 0.1;
  const served = [[], ['brevity']] as const;

  /** Tsallis-½ on two arms, a step every 50 rewards, and a floor of .02. */
  function adaptiveLog(random: Random, bucket: number): readonly CreditObservation[] {
    let losses = [0, 0];
    let shares = [0.5, 0.5];
    return Array.from({ length: 2_500 }, (_, episode) => {
      if (episode % 50 === 0)
        shares = tsallisWeights(losses, 8 / Math.sqrt(episode + 64)).map((weight) => 0.98 * weight + 0.01);
      const arm = random.next() < shares[0]! ? 0 : 1;
      const reward = random.next() < 0.5 + effect * arm ? 1 : 0;
      losses = losses.map((loss, index) => (index === arm ? loss + (1 - reward) / shares[arm]! : loss));
      return {
        variantId: String(arm),
        edits: served[arm],
        stratum: String(Math.floor(episode / bucket)),
        reward,
        propensity: shares[arm]!,
      };
    });
  }

  it.each([50, 100, 250])(
    'edge contrasts in buckets of %d keep within a third of their standard error, and nine in ten cover',
    (bucket) => {
      const random = seededRandom(44);
      const tally = new Tally();
      let standardErrors = 0;
      for (let run = 0; run < 400; run++) {
        const [credit] = creditOfEdits(adaptiveLog(random, bucket));
        if (credit?.kind !== 'identified') throw new Error(credit?.kind);
        tally.add(credit.effect.estimate, credit.effect, effect);
        standardErrors += credit.effect.standardError / 400;
      }
      expect(Math.abs(tally.bias)).toBeLessThan(standardErrors / 3);
      expect(tally.coverage).toBeGreaterThanOrEqual(0.9);
    },
  );
});
