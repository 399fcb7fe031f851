import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDifference, mergeHistograms, type Histogram, type Ledger } from '../domain/histogram.ts';
import { defaultTaskConfig, type TaskConfig } from '../domain/task.ts';
import type { Verdict } from '../domain/verdict.ts';
import { termsOfTest } from './terms-of-test.ts';
import { alphaLevel, guarded, terms, verdictOf } from './verdict.case.ts';
import { judgeLedgers } from './verdict.ts';

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
