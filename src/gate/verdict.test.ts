import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDifference, mergeHistograms, type Histogram, type Ledger } from '../domain/histogram.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import type { TestTerms } from '../domain/test-terms.ts';
import type { Verdict } from '../domain/verdict.ts';
import { termsOfTest } from './terms-of-test.ts';
import { judgeLedgers } from './verdict.ts';

const alphaLevel = 1 / 500;
const terms = termsOfTest(defaultTaskConfig);
const guarded: TaskConfig = {
  ...defaultTaskConfig,
  metrics: {
    ...defaultTaskConfig.metrics,
    latency_ms: { type: 'number', range: [0, 1], optimize: 'min', guardrail: { margin: 0.1 } },
  },
};

function verdictOf(ledger: Ledger, config: TaskConfig = defaultTaskConfig): [string, string] {
  const { verdict, outcome } = judgeLedgers(ledger, { terms: termsOfTest(config), alphaLevel });
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

  describe('for equivalence', () => {
    const pruning: TestTerms = {
      ...termsOfTest(defaultTaskConfig, 'prune', 'best'),
      secondary: { name: 'tokens', mde: 0.02 },
    };
    const same = { '0': 700 };
    const cheaper = { '20': 400 };
    const dearer = { '-20': 400 };
    const kindOf = (ledger: Ledger, anchorId: string | null = 'best'): [string, string] => {
      const { verdict, outcome } = judgeLedgers(ledger, { terms: { ...pruning, anchorId }, alphaLevel });
      return [verdict.kind, outcome];
    };

    it.each<[string, Ledger, [string, string]]>([
      ['as good and cheaper', { primary: same, anchor: same, tokens: cheaper }, ['promote', 'neutral']],
      ['as good, but dearer', { primary: same, anchor: same, tokens: dearer }, ['reject', 'futile']],
      [
        'as good, but no cheaper',
        { primary: same, anchor: same, tokens: { '0': 400 } },
        ['reject', 'futile'],
      ],
      [
        'cheaper, but not known to be as good as the anchor',
        { primary: same, tokens: cheaper },
        ['continue', 'neutral'],
      ],
      [
        'cheaper, but not known to be as good as the incumbent',
        { primary: { '0': 90 }, anchor: same, tokens: cheaper },
        ['continue', 'neutral'],
      ],
      [
        'cheaper and as good as the incumbent, but worse than the anchor',
        { primary: same, anchor: { '0': 500, '-100': 60 }, tokens: cheaper },
        ['reject', 'harmful'],
      ],
      ['better, but no cheaper', { primary: { '100': 60, '0': 640 }, anchor: same }, ['continue', 'neutral']],
      ['cheaper and nothing else known', { tokens: cheaper }, ['continue', 'neutral']],
    ])('%s', (_, ledger, expected) => {
      expect(kindOf(ledger)).toEqual(expected);
    });

    it('asks for no anchor beside an incumbent that is the anchor', () => {
      expect(kindOf({ primary: same, tokens: cheaper }, null)).toEqual(['promote', 'neutral']);
    });

    it('needs the level of the test for each part: at 1/500 471 ties for a margin of .02, instead of 286', () => {
      const pairsNeeded = (level: number): number => {
        for (let pairs = 30; ; pairs++) {
          const ledger = { primary: { '0': pairs }, tokens: cheaper };
          const { verdict } = judgeLedgers(ledger, {
            terms: { ...pruning, anchorId: null },
            alphaLevel: level,
          });
          if (verdict.kind === 'promote') return pairs;
        }
      };
      expect(pairsNeeded(1 / 20)).toBe(286);
      expect(pairsNeeded(1 / 500)).toBe(471);
    });

    it('tells the evidence of each part', () => {
      const ledger = { primary: same, anchor: { '0': 100 }, tokens: cheaper };
      const { verdict } = judgeLedgers(ledger, { terms: pruning, alphaLevel });
      expect(verdict.evidence.equivalence).toMatchObject({
        margin: 0.02,
        anchor: { variantId: 'best', pairs: 100, meanDifference: 0 },
        secondary: { name: 'tokens', pairs: 400, meanDifference: 0.2 },
      });
      expect(verdict.reason).toMatch(/least is score beside the anchor, log e 0\.\d\d of 6\.21/);
    });
  });

  describe('slices', () => {
    const sliced: TaskConfig = {
      ...defaultTaskConfig,
      gate: { ...defaultTaskConfig.gate, slices: { vip: { margin: 0.1 } } },
    };
    const gain = { '100': 40, '0': 60 };
    it.each<[string, Ledger, [string, string]]>([
      ['a declared one holds a gain up until it is known', { primary: gain }, ['continue', 'neutral']],
      ['and lets it through then', { primary: gain, 'slice:vip': { '0': 55 } }, ['promote', 'neutral']],
      ['but not before 55 ties at .10', { primary: gain, 'slice:vip': { '0': 54 } }, ['continue', 'neutral']],
      [
        'a declared one that loses more than its margin ends the test',
        { primary: gain, 'slice:vip': { '-100': 30, '0': 20 } },
        ['reject', 'harmful'],
      ],
      [
        'one that nobody declared vetoes',
        { primary: gain, 'slice:vip': { '0': 55 }, 'slice:x': { '-100': 10 } },
        ['reject', 'harmful'],
      ],
      [
        'and is not waited for',
        { primary: gain, 'slice:vip': { '0': 55 }, 'slice:x': { '0': 10 } },
        ['promote', 'neutral'],
      ],
      [
        'nor looked at below ten pairs',
        { primary: gain, 'slice:vip': { '0': 55 }, 'slice:x': { '-100': 9 } },
        ['promote', 'neutral'],
      ],
    ])('%s', (_, ledger, expected) => {
      expect(verdictOf(ledger, sliced)).toEqual(expected);
    });
  });

  it('asks for every guardrail at the level of the test where it is strict', () => {
    const strict: TaskConfig = { ...guarded, gate: { ...guarded.gate, isStrict: true } };
    const ledger = (pairs: number): Ledger => ({
      primary: { '100': 40, '0': 60 },
      latency_ms: { '0': pairs },
    });
    expect(verdictOf(ledger(50), guarded)[0]).toBe('promote');
    expect(verdictOf(ledger(50), strict)[0]).toBe('continue');
    expect(verdictOf(ledger(100), strict)[0]).toBe('promote');
    // What is watched without being declared is required too, once there is anything to see.
    expect(verdictOf({ ...ledger(100), refusal: { '0': 300 } }, strict)[0]).toBe('continue');
    expect(verdictOf({ ...ledger(100), refusal: { '0': 700 } }, strict)[0]).toBe('promote');
  });

  it('asks for four times the evidence of a candidate whose answers are far from the incumbent’s, and says so', () => {
    const primary = { '100': 9, '0': 91 };
    const verdictAt = (behaviour: Ledger): Verdict =>
      judgeLedgers({ primary, ...behaviour }, { terms, alphaLevel: 1 / 12 }).verdict;
    expect(verdictAt({ 'distance:behaviour': { '35': 100 } }).kind).toBe('promote');
    const far = verdictAt({ 'distance:behaviour': { '36': 100 } });
    expect([far.kind, far.evidence.behaviour?.distance]).toEqual(['continue', 0.36]);
    expect(far.evidence.logThreshold).toBeCloseTo(Math.log(48), 12);
    expect(far.reason).toMatch('0.36 where 0.35 is usual, so 4 times the evidence is asked for');
    // A model that answers differently each time does so under any prompt.
    expect(verdictAt({ 'distance:behaviour': { '50': 100 }, 'distance:own': { '20': 40 } }).kind).toBe(
      'promote',
    );
  });

  describe('with a judge', () => {
    // On the truth alone 12 wins to 2 are short of the level; corrected, they are not.
    const primary = { '100': 12, '0': 84, '-100': 2 };
    const corrected = { '50': 24, '0': 74 };
    const judging = { judgeId: 'j', weight: 0.5, isLearning: false, patienceMs: 0, reason: '' };
    const kindOf = (ledger: Ledger): string =>
      judgeLedgers(ledger, { terms, alphaLevel: 0.01, judging }).verdict.kind;

    it('that corrects pairs, promotes on them; one that does not counts for nothing', () => {
      expect(kindOf({ primary })).toBe('continue');
      expect(kindOf({ primary, 'corrected:0': primary })).toBe('continue');
      expect(kindOf({ primary, 'corrected:50': corrected })).toBe('promote');
    });

    it('leaves it out where labels are found not to be missing at random', () => {
      const ledger = { primary, 'corrected:50': corrected, 'label-shift': { '50': 20, '0': 20 } };
      const { verdict } = judgeLedgers(ledger, { terms, alphaLevel: 0.01, judging });
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
        { terms, alphaLevel: 0.01, judging },
      );
      expect(verdict.evidence).toMatchObject({ pairs: 98, judge: { weight: 0.5, isShifted: false } });
      expect(verdict.evidence.judge?.correctedDifference).toBeCloseTo(24 / 98, 9);
      // Var Y = .133, Var Z = 4·.0467.
      expect(verdict.evidence.judge?.effectivePairs).toBeCloseTo(70.2, 1);
      expect(verdict.reason).toMatch(/worth 70 with the judge/);
      expect(judgeLedgers({ primary }, { terms, alphaLevel: 0.01 }).verdict.evidence.judge).toBeUndefined();
    });
  });

  it('gives reason and evidence that can be checked', () => {
    const { verdict } = judgeLedgers(
      { primary: { '100': 40, '0': 60 } },
      { terms: termsOfTest(guarded), alphaLevel },
    );
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
          expect(judgeLedgers({ primary: merged }, { terms, alphaLevel })).toEqual(
            judgeLedgers({ primary: count(all) }, { terms, alphaLevel }),
          );
        },
      ),
    );
  });

  it('never promotes below 30 pairs or without superiority at its level', () => {
    const cell = fc.tuple(fc.integer({ min: -100, max: 100 }).map(String), fc.nat(200));
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 6 }), fc.constantFrom(0.05, 0.002, 0.01), (cells, level) => {
        const { verdict } = judgeLedgers(
          { primary: Object.fromEntries(cells) },
          { terms, alphaLevel: level },
        );
        if (verdict.kind !== 'promote') return;
        expect(verdict.evidence.pairs).toBeGreaterThanOrEqual(30);
        expect(verdict.evidence.logSuperiority).toBeGreaterThanOrEqual(Math.log(1 / level));
      }),
    );
  });
});
