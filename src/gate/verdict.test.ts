import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDifference, mergeHistograms, type Histogram, type Ledger } from '../domain/histogram.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import { judgeLedgers } from './verdict.ts';

const alphaLevel = 1 / 500;
const guarded: TaskConfig = {
  ...defaultTaskConfig,
  metrics: {
    ...defaultTaskConfig.metrics,
    latency_ms: { type: 'number', range: [0, 1], optimize: 'min', guardrail: { margin: 0.1 } },
  },
};

function verdictOf(ledger: Ledger, config: TaskConfig = defaultTaskConfig): [string, string] {
  const { verdict, outcome } = judgeLedgers(ledger, config, alphaLevel);
  return [verdict.kind, outcome];
}

describe('judgeLedgers', () => {
  const table: readonly [string, Ledger, TaskConfig, [string, string]][] = [
    ['nothing yet', {}, defaultTaskConfig, ['continue', 'neutral']],
    [
      'a clear gain',
      { primary: { '100': 40, '0': 60, '-100': 5 } },
      defaultTaskConfig,
      ['promote', 'neutral'],
    ],
    ['a clear gain in too few pairs', { primary: { '100': 25 } }, defaultTaskConfig, ['continue', 'neutral']],
    [
      'a gain short of the level',
      { primary: { '100': 8, '0': 60 } },
      defaultTaskConfig,
      ['continue', 'neutral'],
    ],
    ['harm', { primary: { '-100': 12, '0': 60 } }, defaultTaskConfig, ['reject', 'harmful']],
    [
      'no gain worth waiting for',
      { primary: { '0': 600, '100': 1, '-100': 1 } },
      defaultTaskConfig,
      ['reject', 'futile'],
    ],
    [
      '2,000 pairs without an end',
      { primary: { '0': 1400, '100': 315, '-100': 285 } },
      defaultTaskConfig,
      ['inconclusive', 'neutral'],
    ],
    ['the judge alone never promotes', { judge: { '100': 500 } }, defaultTaskConfig, ['continue', 'neutral']],
    [
      'the judge rejects early',
      { judge: { '-100': 12 }, primary: { '0': 10 } },
      defaultTaskConfig,
      ['reject', 'harmful'],
    ],
    [
      'the judge is not heard later',
      { judge: { '-100': 12 }, primary: { '0': 35 } },
      defaultTaskConfig,
      ['continue', 'neutral'],
    ],
    [
      'refusals veto a gain',
      { primary: { '100': 40, '0': 60 }, refusal: { '-100': 10, '0': 90 } },
      defaultTaskConfig,
      ['reject', 'harmful'],
    ],
    [
      'ties in refusal hold nothing up',
      { primary: { '100': 40, '0': 60 }, refusal: { '0': 100 } },
      defaultTaskConfig,
      ['promote', 'neutral'],
    ],
    [
      'a declared guardrail holds a gain up',
      { primary: { '100': 40, '0': 60 }, latency_ms: { '0': 10 } },
      guarded,
      ['continue', 'neutral'],
    ],
    [
      'a declared guardrail without evidence too',
      { primary: { '100': 40, '0': 60 } },
      guarded,
      ['continue', 'neutral'],
    ],
    [
      'until it is shown to hold',
      { primary: { '100': 40, '0': 60 }, latency_ms: { '0': 100 } },
      guarded,
      ['promote', 'neutral'],
    ],
    [
      'a declared guardrail that is violated',
      { primary: { '100': 40, '0': 60 }, latency_ms: { '-60': 30 } },
      guarded,
      ['reject', 'harmful'],
    ],
    [
      'a loss within the margin does not violate',
      { primary: { '100': 40, '0': 60 }, latency_ms: { '-5': 400 } },
      guarded,
      ['promote', 'neutral'],
    ],
  ];
  it.each(table)('%s', (_, ledger, config, expected) => {
    expect(verdictOf(ledger, config)).toEqual(expected);
  });

  describe('with a judge', () => {
    // On the truth alone 12 wins to 2 are short of the level; corrected, they are not.
    const primary = { '100': 12, '0': 84, '-100': 2 };
    const corrected = { '50': 24, '0': 74 };
    const judging = { judgeId: 'j', weight: 0.5, isLearning: false, patienceMs: 0, reason: '' };
    const kindOf = (ledger: Ledger): string =>
      judgeLedgers(ledger, defaultTaskConfig, 0.01, judging).verdict.kind;

    it('that corrects pairs, promotes on them; one that does not counts for nothing', () => {
      expect(kindOf({ primary })).toBe('continue');
      expect(kindOf({ primary, 'corrected:0': primary })).toBe('continue');
      expect(kindOf({ primary, 'corrected:50': corrected })).toBe('promote');
    });

    it('leaves it out where labels are found not to be missing at random', () => {
      const ledger = { primary, 'corrected:50': corrected, 'label-shift': { '50': 20, '0': 20 } };
      const { verdict } = judgeLedgers(ledger, defaultTaskConfig, 0.01, judging);
      expect(verdict.kind).toBe('continue');
      expect(verdict.reason).toMatch(/the judge is left out: ground truth is not missing at random/);
      expect(verdict.evidence.judge).toMatchObject({ isShifted: true, weight: 0.5 });
    });

    it('does not promote on it before 30 pairs have ground truth', () => {
      const few = { primary: { '100': 20 }, 'corrected:50': { '50': 20 } };
      expect(kindOf({ judge: { '100': 500 }, ...few })).toBe('continue');
      expect(kindOf({ judge: { '100': 500 } })).toBe('continue');
    });

    it('rejects on harm and on futility that it makes plain', () => {
      const harm = { primary: { '-100': 3, '0': 60 } };
      expect(kindOf({ ...harm, 'corrected:50': { '-30': 33, '0': 30 } })).toBe('reject');
      expect(kindOf(harm)).toBe('continue');
      expect(kindOf({ primary: { '0': 130 }, 'corrected:50': { '0': 1000 } })).toBe('reject');
    });

    it('tells what it was worth', () => {
      const { verdict } = judgeLedgers(
        { primary, 'corrected:50': corrected },
        defaultTaskConfig,
        0.01,
        judging,
      );
      expect(verdict.evidence).toMatchObject({ pairs: 98, judge: { weight: 0.5, isShifted: false } });
      expect(verdict.evidence.judge?.correctedDifference).toBeCloseTo(24 / 98, 9);
      // Var Y = .133, Var Z = 4·.0467.
      expect(verdict.evidence.judge?.effectivePairs).toBeCloseTo(70.2, 1);
      expect(verdict.reason).toMatch(/worth 70 with the judge/);
      expect(judgeLedgers({ primary }, defaultTaskConfig, 0.01).verdict.evidence.judge).toBeUndefined();
    });
  });

  it('gives reason and evidence that can be checked', () => {
    const { verdict } = judgeLedgers({ primary: { '100': 40, '0': 60 } }, guarded, alphaLevel);
    expect(verdict.reason).toMatch(/better, but latency_ms is not shown to hold/);
    expect(verdict.evidence).toMatchObject({ pairs: 100, meanDifference: 0.4 });
    expect(verdict.evidence.logThreshold).toBeCloseTo(Math.log(500), 12);
    expect(verdict.evidence.guardrails.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['latency_ms', true],
      ['format', false],
      ['refusal', false],
    ]);
  });

  it('depends on neither the order of pairs nor the shard they were counted in', () => {
    const difference = fc.integer({ min: -100, max: 100 }).map((key) => key / 100);
    const count = (differences: readonly number[]): Histogram =>
      differences.reduce<Histogram>(addDifference, {});
    fc.assert(
      fc.property(
        fc.array(difference, { maxLength: 80 }),
        fc.nat(80),
        fc.func(fc.integer()),
        (all, cut, keyOf) => {
          const shuffled = all.toSorted((one, other) => keyOf(one) - keyOf(other));
          const merged = mergeHistograms(count(shuffled.slice(0, cut)), count(shuffled.slice(cut)));
          expect(judgeLedgers({ primary: merged }, defaultTaskConfig, alphaLevel)).toEqual(
            judgeLedgers({ primary: count(all) }, defaultTaskConfig, alphaLevel),
          );
        },
      ),
    );
  });

  it('never promotes below 30 pairs or without superiority at its level', () => {
    const cell = fc.tuple(fc.integer({ min: -100, max: 100 }).map(String), fc.nat(200));
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 6 }), fc.constantFrom(0.05, 0.002, 0.01), (cells, level) => {
        const { verdict } = judgeLedgers({ primary: Object.fromEntries(cells) }, defaultTaskConfig, level);
        if (verdict.kind !== 'promote') return;
        expect(verdict.evidence.pairs).toBeGreaterThanOrEqual(30);
        expect(verdict.evidence.logSuperiority).toBeGreaterThanOrEqual(Math.log(1 / level));
      }),
    );
  });
});
