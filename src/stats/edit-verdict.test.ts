import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EditCredit } from './edit-credit.ts';
import { editVerdict } from './edit-verdict.ts';
import type { Contrast } from './stratified-contrast.ts';

const contrast = (low: number, high: number): Contrast => ({
  kind: 'contrast',
  estimate: (low + high) / 2,
  standardError: (high - low) / 4,
  freedom: 100,
  low,
  high,
  strata: 4,
  treated: 200,
  control: 200,
});

/** An edit with one pooled interval, the intervals of its contexts, and the chance that they have one effect. */
function credit(
  [low, high]: readonly [number, number],
  contexts: readonly (readonly [number, number])[] = [[low, high]],
  probability = 1,
): EditCredit {
  return {
    kind: 'identified',
    edit: 'brevity',
    effect: { ...contrast(low, high), heterogeneity: { q: 1, freedom: contexts.length - 1, probability } },
    contexts: contexts.map(([from, to], index) => ({ context: [`${index}`], contrast: contrast(from, to) })),
  };
}

const terms = { mde: 0.02, tokens: 12 };

describe('editVerdict', () => {
  it.each([
    [0.001, 0.05, 'positive', false],
    [0.001, 0.01, 'positive', false],
    [0, 0.05, 'unclear', false],
    [-0.05, -0.001, 'negative', true],
    [-0.01, -0.001, 'negative', true],
    [-0.05, 0, 'unclear', false],
    [-0.019, 0.019, 'neutral', true],
    [-0.02, 0.019, 'unclear', false],
    [-0.019, 0.02, 'unclear', false],
    [-0.3, 0.3, 'unclear', false],
  ] as const)('from an interval of %d to %d is %s', (low, high, kind, isRemovalProposed) => {
    expect(editVerdict(credit([low, high]), terms)).toMatchObject({
      kind,
      isRemovalProposed,
      interval: { low, high },
      ...(kind === 'unclear' ? { reason: 'wide-interval' } : {}),
    });
  });

  it.each([0, -5])('lets a neutral edit stay that costs nothing: %d tokens', (tokens) => {
    expect(editVerdict(credit([-0.01, 0.01]), { mde: 0.02, tokens })).toMatchObject({
      kind: 'neutral',
      isRemovalProposed: false,
    });
  });

  it('is unclear where contexts differ and do not agree', () => {
    const mixed = credit(
      [-0.01, 0.012],
      [
        [0.02, 0.08],
        [-0.08, -0.02],
      ],
      0.001,
    );
    expect(editVerdict(mixed, terms)).toMatchObject({ kind: 'unclear', reason: 'contexts-differ' });
    expect(editVerdict(mixed, terms).isRemovalProposed).toBe(false);
  });

  it('stands where contexts differ in size alone, and where their difference may be chance', () => {
    const alike: readonly [number, number][] = [
      [0.01, 0.03],
      [0.08, 0.12],
    ];
    expect(editVerdict(credit([0.02, 0.05], alike, 0.001), terms).kind).toBe('positive');
    const noisy: readonly [number, number][] = [
      [0.01, 0.03],
      [-0.04, 0.12],
    ];
    expect(editVerdict(credit([0.01, 0.05], noisy, 0.4), terms).kind).toBe('positive');
    expect(editVerdict(credit([0.01, 0.05], noisy, 0.04), terms).kind).toBe('unclear');
  });

  it('does not count contexts that say nothing', () => {
    const identified = credit([0.01, 0.05], [[0.01, 0.05]], 0.001);
    if (identified.kind !== 'identified') throw new Error('not identified');
    const silent = { context: [], contrast: { kind: 'not-identified', reason: 'no-overlap' } } as const;
    expect(editVerdict({ ...identified, contexts: [...identified.contexts, silent] }, terms).kind).toBe(
      'positive',
    );
  });

  it.each(['no-counterpart', 'no-overlap', 'too-few'] as const)('says why there is none: %s', (reason) => {
    const unknown: EditCredit = { kind: 'not-identified', edit: 'brevity', reason, contexts: [] };
    expect(editVerdict(unknown, terms)).toEqual({ kind: 'not-identified', isRemovalProposed: false, reason });
  });

  it('never proposes to remove an edit whose interval reaches what matters', () => {
    const bound = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: -50, max: 50 }), (one, other, tokens) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const verdict = editVerdict(credit([low, high]), { mde: 0.02, tokens });
        if (verdict.isRemovalProposed) expect(high).toBeLessThan(0.02);
        if (verdict.kind === 'positive') expect(low).toBeGreaterThan(0);
      }),
    );
  });

  it.each([
    { mde: 0, tokens: 1 },
    { mde: 1, tokens: 1 },
    { mde: Number.NaN, tokens: 1 },
    { mde: 0.02, tokens: Number.NaN },
  ])('refuses %j', (bad) => {
    expect(() => editVerdict(credit([0, 1]), bad)).toThrow(RangeError);
  });
});
