import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aipwContrast,
  withPastMeans,
  type ContrastRound,
  type ModelledContrastRound,
} from './aipw-contrast.ts';
import { doublyRobustValue } from './doubly-robust.ts';
import type { OffPolicyEstimate, OffPolicyValue } from './off-policy-estimate.ts';
import { seededRandom } from './seeded-random.case.ts';
import { tsallisWeights } from './tsallis-weights.ts';

const small = { effectiveSampleMin: 1.01 };

function valueOf(estimate: OffPolicyEstimate): OffPolicyValue {
  if (estimate.kind === 'refused') throw new Error(`refused: ${estimate.reason}`);
  return estimate;
}

function round(change: Partial<ModelledContrastRound>): ModelledContrastRound {
  return {
    played: 'candidate',
    reward: 1,
    propensity: 0.5,
    predictedCandidate: 0.5,
    predictedControl: 0.5,
    ...change,
  };
}

describe('aipwContrast', () => {
  it('is the mean of its terms, with their error', () => {
    const rounds = [
      round({ reward: 1, propensity: 0.25, predictedCandidate: 0.6, predictedControl: 0.4 }),
      round({ reward: 0, propensity: 0.5, predictedCandidate: 0.6, predictedControl: 0.4 }),
      round({
        played: 'control',
        reward: 0.5,
        propensity: 0.8,
        predictedCandidate: 0.6,
        predictedControl: 0.4,
      }),
      round({
        played: 'control',
        reward: 0.4,
        propensity: 0.8,
        predictedCandidate: 0.6,
        predictedControl: 0.4,
      }),
      round({ played: 'other', reward: 1, propensity: 0.1, predictedCandidate: 0.6, predictedControl: 0.4 }),
    ];
    const terms = [0.2 + 0.4 / 0.25, 0.2 - 0.6 / 0.5, 0.2 - 0.1 / 0.8, 0.2, 0.2];
    const mean = terms.reduce((sum, term) => sum + term, 0) / 5;
    const found = valueOf(aipwContrast(rounds, small));
    expect(found.value).toBeCloseTo(mean, 12);
    expect(found.standardError).toBeCloseTo(
      Math.sqrt(terms.reduce((sum, term) => sum + (term - mean) ** 2, 0) / 20),
      12,
    );
    expect(found.effectiveSampleSize).toBeCloseTo(36 / 20, 12);
    expect(found.weightMean).toBeCloseTo((4 + 2 + 1.25 + 1.25) / 10, 12);
    expect(found.weightMax).toBeCloseTo(4, 12);
  });

  it('is the difference of the doubly robust values of both arms', () => {
    const probability = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const rounds = fc.array(
      fc.record<ModelledContrastRound>({
        played: fc.constantFrom('candidate', 'control', 'other'),
        reward: unit,
        propensity: probability,
        predictedCandidate: unit,
        predictedControl: unit,
      }),
      { minLength: 4, maxLength: 30 },
    );
    const seenBy = (arm: 'candidate' | 'control') => (logged: ModelledContrastRound) => {
      const predicted = arm === 'candidate' ? logged.predictedCandidate : logged.predictedControl;
      const targetPropensity = logged.played === arm ? 1 : 0;
      return { ...logged, targetPropensity, unreachable: 0, predicted, targetPredicted: predicted };
    };
    fc.assert(
      fc.property(rounds, (log) => {
        const contrast = aipwContrast(log, small);
        const candidate = doublyRobustValue(log.map(seenBy('candidate')), small);
        const control = doublyRobustValue(log.map(seenBy('control')), small);
        if (candidate.kind === 'refused' || control.kind === 'refused') {
          expect(contrast.kind).toBe('refused');
          return;
        }
        expect(valueOf(contrast).value).toBeCloseTo(candidate.value - control.value, 9);
      }),
    );
  });

  it('refuses when one arm has too little, with value and bound', () => {
    const log = [
      ...Array.from({ length: 500 }, () => round({})),
      ...Array.from({ length: 49 }, () => round({ played: 'control' })),
    ];
    const refused = { kind: 'refused', reason: 'effective-sample-size', value: 49, bound: 50 };
    expect(aipwContrast(log)).toEqual(refused);
    expect(aipwContrast([...log, round({ played: 'control' })]).kind).toBe('estimate');
    expect(aipwContrast([])).toMatchObject({ kind: 'refused', value: 0 });
  });

  it.each([0, 1])('refuses a round that left an arm no chance: propensity %d', (propensity) => {
    const log = Array.from({ length: 400 }, (_, index) =>
      round({ played: index % 2 === 0 ? 'candidate' : 'control' }),
    );
    expect(aipwContrast([...log, round({ propensity })])).toEqual({
      kind: 'refused',
      reason: 'positivity',
      value: 1 / 401,
      bound: 0,
    });
  });

  it.each([{ propensity: 1.1 }, { reward: Number.NaN }, { predictedControl: Infinity }])(
    'refuses %j as no round of a log',
    (change) => {
      expect(() => aipwContrast([round(change)])).toThrow(RangeError);
    },
  );
});

describe('withPastMeans', () => {
  it('predicts from what came before, never from the round itself', () => {
    const rounds: readonly ContrastRound[] = [
      { played: 'candidate', reward: 1, propensity: 0.5 },
      { played: 'control', reward: 0, propensity: 0.5 },
      { played: 'other', reward: 1, propensity: 0.5 },
      { played: 'candidate', reward: 0, propensity: 0.5 },
    ];
    const predicted = withPastMeans(rounds).map((modelled) => [
      modelled.predictedCandidate,
      modelled.predictedControl,
    ]);
    expect(predicted).toEqual([
      [0.5, 0.5],
      [3.5 / 6, 0.5],
      [3.5 / 6, 2.5 / 6],
      [3.5 / 6, 2.5 / 6],
    ]);
    const changed = withPastMeans(rounds.with(3, { played: 'candidate', reward: 1, propensity: 0.5 }));
    expect(changed[3]?.predictedCandidate).toBe(3.5 / 6);
  });
});

describe('on the log of a bandit whose probabilities follow the rewards', () => {
  const rounds = 2_500;
  const means = { candidate: 0.5, control: 0.6 } as const;
  const truth = means.candidate - means.control;

  /** Tsallis-½ with importance-weighted losses and a floor of .02 over both arms. */
  function banditLog(random: { readonly next: () => number }): readonly ContrastRound[] {
    let losses = [0, 0];
    return Array.from({ length: rounds }, (_, n) => {
      const shares = tsallisWeights(losses, 8 / Math.sqrt(n + 64)).map((weight) => 0.98 * weight + 0.01);
      const arm = random.next() < shares[0]! ? 0 : 1;
      const played = arm === 0 ? 'candidate' : 'control';
      const reward = random.next() < means[played] ? 1 : 0;
      losses = losses.map((loss, index) => (index === arm ? loss + (1 - reward) / shares[arm]! : loss));
      return { played, reward, propensity: shares[arm]! };
    });
  }

  function meanOf(log: readonly ContrastRound[], arm: ContrastRound['played']): number {
    const rewards = log.filter(({ played }) => played === arm).map(({ reward }) => reward);
    return rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  }

  it('has no bias where the difference of means has one, and its intervals cover', () => {
    const random = seededRandom(3);
    const runs = 400;
    let plainBias = 0;
    let bias = 0;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const log = banditLog(random);
      const found = valueOf(aipwContrast(withPastMeans(log), small));
      bias += (found.value - truth) / runs;
      covered += found.low <= truth && truth <= found.high ? 1 / runs : 0;
      // The worse arm is left for good when it also had bad luck: its mean is too low.
      plainBias += (meanOf(log, 'candidate') - meanOf(log, 'control') - truth) / runs;
    }
    expect(plainBias).toBeLessThan(-0.009);
    expect(Math.abs(bias)).toBeLessThan(0.005);
    expect(covered).toBeGreaterThanOrEqual(0.92);
    expect(covered).toBeLessThanOrEqual(0.98);
  });
});
