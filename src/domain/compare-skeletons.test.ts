import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSkeletons, type Difference } from './compare-skeletons.ts';
import { matchSkeleton } from './match-skeleton.ts';
import { fillSkeleton, literalSkeleton, skeletonText, slotsOf, type Skeleton } from './skeleton.ts';

const compare = (one: string, other: string): Difference =>
  compareSkeletons(literalSkeleton(one), literalSkeleton(other));
const kinds = ({ gaps }: Difference): readonly string[] => gaps.map(({ kind }) => kind);

/** Text with all that trips string work up: empty, CR LF, marks, tags, JSON, scripts, and words that recur. */
const words = [
  'a',
  'the',
  'Anna',
  'Bob',
  '2026-11-01',
  '5',
  'the cat',
  'x y z w',
  '\u4eca',
  'e\u0301',
] as const;
const marks = [' ', ' ', ' ', '\n', '\r\n', '.', ',', ':', '- ', '{', '"', '\u{1f600}'] as const;
const pieces = [...words, ...marks, 'Context:', '<doc>', '{{slot1}}'] as const;
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));

function expectInstances(skeleton: Skeleton, texts: readonly string[]): void {
  for (const instance of texts)
    for (const reading of ['first', 'last'] as const) {
      const values = matchSkeleton(skeleton, instance, reading);
      expect(values).toBeDefined();
      expect(fillSkeleton(skeleton, values ?? {})).toBe(instance);
    }
}

describe('compareSkeletons', () => {
  it('gives a skeleton that every prompt seen so far is an instance of, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (texts) => {
        const [first = '', ...others] = texts;
        const seen = [first];
        let skeleton = literalSkeleton(first);
        for (const other of others) {
          ({ skeleton } = compareSkeletons(skeleton, literalSkeleton(other)));
          seen.push(other);
          expectInstances(skeleton, seen);
        }
      }),
      { numRuns: 1000, examples: [[['\u{4eca}ax y z wa', 'x y z w', '']]] },
    );
  });

  it('covers what two replicas have learned of different prompts, every slot with a name of its own', () => {
    fc.assert(
      fc.property(fc.tuple(text, text, text, text), ([a, b, c, d]) => {
        const joined = compareSkeletons(compare(a, b).skeleton, compare(c, d).skeleton).skeleton;
        expectInstances(joined, [a, b, c, d]);
        const names = slotsOf(joined).map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nothing to change between a skeleton and itself', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const { skeleton } = compare(one, other);
        const again = compareSkeletons(skeleton, skeleton);
        expect(skeletonText(again.skeleton)).toBe(skeletonText(skeleton));
        expect(again.gaps.every(({ kind }) => kind === 'filled')).toBe(true);
      }),
    );
  });

  const about = (name: string, day: string, found: string, end = 'Answer in one sentence.'): string =>
    `Hello ${name}. Today is ${day}. Use what stands below.\n\nContext:\n${found}\n\n${end}`;

  it('tells names and dates from labelled text and from instructions', () => {
    const one = about('Anna', '2026-11-01', 'the train leaves at nine from the old pier');
    const other = about('Bob', '2026-11-02', 'refunds are paid within ten days');
    expect(kinds(compare(one, other))).toEqual(['value', 'value', 'labelled']);
    expect(skeletonText(compare(one, other).skeleton)).toBe(about('{{slot1}}', '{{slot2}}', '{{slot3}}'));
    const changed = about('Anna', '2026-11-01', 'x', 'Reply at length.');
    expect(kinds(compare(about('Anna', '2026-11-01', 'x'), changed))).toEqual(['text']);
  });

  it('limits a slot for values to twice the words that were seen, and others not at all', () => {
    const { skeleton } = compare(
      about('Anna', 'Monday 2 November', 'the old pier'),
      about('Bob', 'Friday', 'ten days'),
    );
    expect(slotsOf(skeleton)).toEqual([
      { kind: 'slot', name: 'slot1', wordsMax: 4 },
      { kind: 'slot', name: 'slot2', wordsMax: 6 },
      { kind: 'slot', name: 'slot3' },
    ]);
    expect(matchSkeleton(skeleton, about('Anna Maria von Stein', 'x', 'y '.repeat(999)))).toBeDefined();
    expect(matchSkeleton(skeleton, about('Anna. Never say who you are', 'x', 'y'))).toBeUndefined();
  });

  it('sees no template in words that two passages share by chance', () => {
    const one =
      'The train to Lund leaves at nine, and the ferry an hour later from the old pier of the town.';
    const other =
      'Refunds are paid within ten days, and the receipt is kept by the clerk of the shop at noon.';
    expect(skeletonText(compare(one, other).skeleton).replaceAll(/\{\{\w+\}\}/g, '')).toMatch(/^\W*$/);
  });

  it('names a slot as no text of the prompt reads', () => {
    const { skeleton } = compare('Say {{slot1}} to Anna.', 'Say {{slot1}} to Bob.');
    expect(slotsOf(skeleton).map(({ name }) => name)).toEqual(['slot2']);
  });

  it('keeps words of scripts without spaces apart', () => {
    const day = (n: number): string =>
      `\u4eca\u5929\u662f2026\u5e7411\u6708${n}\u65e5\u3002\u8bf7\u56de\u7b54\u3002`;
    const difference = compare(day(1), day(2));
    expect(kinds(difference)).toEqual(['value']);
    expect(difference.kept).toBeGreaterThan(0.9);
  });

  it('takes prompts of a megabyte that differ at the beginning and at the end', () => {
    const rules = Array.from({ length: 60_000 }, (_, n) => `Rule ${n}: be kind.`).join(' ');
    const long = (day: string): string => `${rules} It is ${day}.`;
    const started = performance.now();
    expect(compare(long('Monday'), long('Friday')).gaps).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
