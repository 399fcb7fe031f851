import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contextsOf,
  creditOfEdits,
  type CreditObservation,
  type EditCredit,
  type IdentifiedCredit,
} from './edit-credit.ts';
import { pooledEffect } from './pooled-effect.ts';
import { stratifiedContrast } from './stratified-contrast.ts';

/** One observation for each reward, all in one stratum. */
function served(
  edits: readonly string[],
  rewards: readonly number[],
  stratum = 's',
): readonly CreditObservation[] {
  return rewards.map((reward) => ({ variantId: edits.join('+'), edits, stratum, reward, propensity: 0.25 }));
}

function identified(credit: EditCredit | undefined): IdentifiedCredit {
  if (credit?.kind !== 'identified') throw new Error(`${credit?.reason}`);
  return credit;
}

describe('creditOfEdits', () => {
  it('contrasts prompts that differ in the one edit, in each context, and pools', () => {
    const credits = creditOfEdits([
      ...served([], [0, 0, 1, 0]),
      ...served(['a'], [1, 1, 0, 1, 1]),
      ...served(['b'], [0, 1, 1]),
      ...served(['b', 'a'], [1, 1, 0, 1]),
    ]);
    expect(credits.map(({ edit }) => edit)).toEqual(['a', 'b']);
    const a = identified(credits[0]);
    expect(a.contexts.map(({ context }) => context)).toEqual([[], ['b']]);
    const contrasts = a.contexts.map(({ contrast }) => {
      if (contrast.kind === 'not-identified') throw new Error(contrast.reason);
      return contrast;
    });
    expect(contrasts[0]?.estimate).toBeCloseTo(0.8 - 0.25, 12);
    expect(contrasts[1]?.estimate).toBeCloseTo(0.75 - 2 / 3, 12);
    expect(a.effect).toEqual(pooledEffect(contrasts));
    const b = identified(credits[1]);
    expect(b.contexts.map(({ context }) => context)).toEqual([[], ['a']]);
  });

  it('is the stratified contrast of both prompts', () => {
    const log = [
      ...served([], [0, 0.4, 1, 0], 'early'),
      ...served(['a'], [0.2, 1], 'early'),
      ...served([], [1, 0.6, 1], 'late'),
      ...served(['a'], [0.9, 1, 0, 1, 1], 'late'),
    ];
    const strata = (edits: number) =>
      Map.groupBy(
        log.filter((observation) => observation.edits.length === edits),
        ({ stratum }) => stratum,
      );
    const [credit] = creditOfEdits(log, 0.9);
    expect(identified(credit).contexts[0]?.contrast).toEqual(stratifiedContrast(strata(1), strata(0), 0.9));
  });

  it('does not depend on the order of observations or of edits', () => {
    const log = [
      ...served([], [0, 0.25, 1, 0.5]),
      ...served(['a'], [1, 1, 0, 0.5]),
      ...served(['a', 'b'], [0.75, 1, 0.5]),
      ...served(['b', 'a'], [0, 1]),
    ];
    const plain = creditOfEdits(log);
    fc.assert(
      fc.property(fc.shuffledSubarray(log, { minLength: log.length }), (shuffled) => {
        const others = creditOfEdits(shuffled);
        expect(others.map(({ edit, kind }) => [edit, kind])).toEqual(
          plain.map(({ edit, kind }) => [edit, kind]),
        );
        others.forEach((credit, index) => {
          expect(identified(credit).effect.estimate).toBeCloseTo(
            identified(plain[index]).effect.estimate,
            12,
          );
          expect(identified(credit).effect.high).toBeCloseTo(identified(plain[index]).effect.high, 9);
        });
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [
      'no-counterpart',
      'the edit was never without another',
      [...served([], [0, 1]), ...served(['a', 'b'], [1, 1])],
    ],
    ['no-counterpart', 'the edit was always there', served(['a'], [0, 1, 1])],
    [
      'no-overlap',
      'one came after the other',
      [...served([], [0, 1], 'early'), ...served(['a'], [1, 1], 'late')],
    ],
    ['too-few', 'one episode on a side', [...served([], [0, 1, 1]), ...served(['a'], [1])]],
  ] as const)('is not identified (%s) when %s', (reason, _, log) => {
    expect(creditOfEdits(log)[0]).toMatchObject({ kind: 'not-identified', edit: 'a', reason });
  });

  it('names the reason that more traffic would mend, if there is one', () => {
    const log = [
      ...served([], [0, 1], 'early'),
      ...served(['a'], [1, 1], 'late'),
      ...served(['b'], [1, 0]),
      ...served(['a', 'b'], [1]),
    ];
    const credit = creditOfEdits(log)[0];
    expect(credit).toMatchObject({ kind: 'not-identified', reason: 'too-few' });
    expect(credit?.contexts).toHaveLength(2);
  });

  it('takes prompts that only order their edits differently for one context', () => {
    const log = [
      ...served(['c', 'b'], [0, 1, 0]),
      ...served(['b', 'a', 'c'], [1, 0]),
      ...served(['c', 'a', 'b'], [1, 1]),
    ];
    const { contexts } = identified(creditOfEdits(log)[0]);
    expect(contexts).toHaveLength(1);
    expect(contexts[0]).toMatchObject({ context: ['b', 'c'], contrast: { treated: 4, control: 3 } });
    expect(contexts[0]?.contrast).toMatchObject({ estimate: 0.75 - 1 / 3 });
  });

  it('says of each context what it is worth, though one alone identifies', () => {
    const log = [
      ...served([], [0, 1, 1]),
      ...served(['a'], [1, 1, 0]),
      ...served(['b'], [1, 0], 'late'),
      ...served(['a', 'b'], [0, 1]),
    ];
    const credit = identified(creditOfEdits(log)[0]);
    expect(credit.contexts.map(({ contrast }) => contrast.kind)).toEqual(['contrast', 'not-identified']);
    expect(credit.effect.heterogeneity).toEqual({ q: 0, freedom: 0, probability: 1 });
  });

  it('knows nothing of a log without edits', () => {
    expect(creditOfEdits([])).toEqual([]);
    expect(creditOfEdits(served([], [0, 1]))).toEqual([]);
  });

  it('tells contexts apart whose edits only read alike', () => {
    const log = [...served(['a', 'b'], [1, 0]), ...served(['a+b'], [1, 1])].map((observation) => ({
      ...observation,
      variantId: JSON.stringify(observation.edits),
    }));
    expect([...contextsOf(log).values()].map(({ edits }) => edits)).toEqual([['a', 'b'], ['a+b']]);
  });

  it('refuses a variant whose edits change, and an edit that is named twice', () => {
    const changed = [...served(['a'], [1]), { ...served(['a'], [1])[0]!, edits: ['b'] }];
    expect(() => creditOfEdits(changed)).toThrow(RangeError);
    expect(() => creditOfEdits(served(['a', 'a'], [1]))).toThrow(RangeError);
    expect(() => creditOfEdits([...served([], [2, 2]), ...served(['a'], [0, 0])])).toThrow(RangeError);
  });
});
