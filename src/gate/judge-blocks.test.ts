import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pair } from '../domain/shadow-run.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { enterBlocks, unlabelledPerLabelMax } from './judge-blocks.ts';

const weighed = { judgeId: 'j', weight: 0.5 };
const labelled = (unitId: string, primary: number, judge?: number): Pair => ({
  campaignId: 'c',
  unitId,
  differences: { primary, ...(judge === undefined ? {} : { judge }), format: 0 },
});
const unlabelled = (unitId: string, judge?: number): Pair => ({
  campaignId: 'c',
  unitId,
  differences: judge === undefined ? {} : { judge, format: 0 },
});
const random = () => createSeededRandom(1);
const idsOf = (pairs: readonly Pair[]): readonly string[] => pairs.map(({ unitId }) => unitId).toSorted();

describe('enterBlocks', () => {
  it('corrects a labelled unit by its unlabelled ones, and counts them together', () => {
    // Z = 1 − ½(1 − ½) = ¾, X = Z/2 = .375; the shift is (1 − ½)/2.
    const pairs = enterBlocks(
      [labelled('a', 1, 1), unlabelled('b', 1), unlabelled('c', 0)],
      weighed,
      random(),
    );
    expect(idsOf(pairs)).toEqual(['a', 'b', 'c']);
    const { differences } = pairs[0]!;
    expect([0.37, 0.38]).toContain(differences['corrected:50']);
    expect(differences).toMatchObject({
      primary: 1,
      judge: 1,
      'label-shift': 0.25,
      'agreement:j:100': 1,
      format: 0,
    });
    expect(pairs[1]?.differences).toEqual({ judge: 1, format: 0 });
  });

  it('takes the truth alone where the judge or company is missing', () => {
    const pairs = enterBlocks(
      [labelled('a', 1), labelled('b', -1, 1), labelled('c', 0, 1)],
      weighed,
      random(),
    );
    expect(pairs.map(({ differences }) => differences['corrected:50'])).toEqual([0.5, -0.5, 0]);
    expect(pairs.every(({ differences }) => differences['label-shift'] === undefined)).toBe(true);
  });

  it('lets unlabelled units wait that none has used, and marks those that tell nothing as seen', () => {
    const company = Array.from({ length: 6 }, (_, index) => unlabelled(`u${index}`, 0));
    const pairs = enterBlocks([labelled('a', 1, 1), ...company, unlabelled('silent')], weighed, random());
    expect(idsOf(pairs)).toEqual([
      'a',
      'silent',
      ...['u0', 'u1', 'u2', 'u3'].slice(0, unlabelledPerLabelMax),
    ]);
  });

  it('shares evenly, in order, whatever the values are', () => {
    const values = fc.array(fc.constantFrom(-1, 0, 1), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(values, (judged) => {
        const units = [labelled('a', 1, judged[0]), labelled('b', 1), labelled('c', 0, judged[1])];
        const company = judged.slice(2).map((value, index) => unlabelled(`u${index}`, value));
        const pairs = enterBlocks([...company, ...units], weighed, random());
        expect(pairs.map(({ unitId }) => unitId)).toEqual(['a', 'u0', 'u2', 'u4', 'b', 'c', 'u1', 'u3']);
      }),
    );
  });

  it.each([
    ['without weight', { judgeId: 'j', weight: 0 }],
    ['without a judge', undefined],
  ])('%s counts every unit as it is', (_, judging) => {
    const units = [labelled('a', 1, 1), unlabelled('b', 1), unlabelled('c')];
    const pairs = enterBlocks(units, judging, random());
    expect(pairs.map(({ unitId }) => unitId)).toEqual(['a', 'b', 'c']);
    expect(pairs[0]?.differences).toEqual({
      primary: 1,
      judge: 1,
      format: 0,
      ...(judging === undefined ? {} : { 'agreement:j:100': 1, 'corrected:0': 1 }),
    });
  });

  it('without a labelled unit counts the judge’s opinions, for the judge may reject alone', () => {
    const pairs = enterBlocks([unlabelled('b', -1)], weighed, random());
    expect(pairs).toEqual([unlabelled('b', -1)]);
  });
});
