import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchSkeleton } from './match-skeleton.ts';
import { fillSkeleton, type Segment, type Skeleton } from './skeleton.ts';

const piece = fc
  .array(fc.constantFrom('a', 'b', ' ', ', ', '\r\n', '"', '# ', '\u{1f600}', 'and '), { maxLength: 6 })
  .map((parts) => parts.join(''));

/** Templates with slots at the beginning, at the end and side by side, and values that repeat the fixed text. */
const filled = fc
  .array(fc.oneof(fc.record({ text: piece }), fc.record({ value: piece })), { maxLength: 9 })
  .map((parts) => {
    const values: Record<string, string> = {};
    const segments = parts.map((part, index): Segment => {
      if ('text' in part) return { kind: 'text', text: part.text };
      values[`slot${index}`] = part.value;
      return { kind: 'slot', name: `slot${index}` };
    });
    return { skeleton: { segments }, values };
  });

/** Where each slot begins in the filled text. */
function placesOf({ segments }: Skeleton, values: Readonly<Record<string, string>>): readonly number[] {
  const places: number[] = [];
  let position = 0;
  for (const segment of segments) {
    if (segment.kind === 'slot') places.push(position);
    position += segment.kind === 'text' ? segment.text.length : (values[segment.name] ?? '').length;
  }
  return places;
}

describe('matchSkeleton', () => {
  it('reads every prompt that was filled from the skeleton, and gives it back byte for byte', () => {
    fc.assert(
      fc.property(filled, fc.constantFrom('first', 'last'), ({ skeleton, values }, reading) => {
        const text = fillSkeleton(skeleton, values);
        const found = matchSkeleton(skeleton, text, reading);
        expect(found && fillSkeleton(skeleton, found)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves the truth between its two readings, wherever a value repeats the fixed text', () => {
    fc.assert(
      fc.property(filled, ({ skeleton, values }) => {
        const text = fillSkeleton(skeleton, values);
        const first = placesOf(skeleton, matchSkeleton(skeleton, text, 'first') ?? {});
        const last = placesOf(skeleton, matchSkeleton(skeleton, text, 'last') ?? {});
        placesOf(skeleton, values).forEach((place, index) => {
          expect(place).toBeGreaterThanOrEqual(first[index] ?? 0);
          expect(place).toBeLessThanOrEqual(last[index] ?? 0);
        });
      }),
      { numRuns: 2000 },
    );
  });

  const named: Skeleton = {
    segments: [
      { kind: 'slot', name: 'who', wordsMax: 2 },
      { kind: 'text', text: ', ' },
      { kind: 'slot', name: 'what', wordsMax: 2 },
      { kind: 'text', text: '.' },
    ],
  };

  it('tries further places where a value would be too long', () => {
    expect(matchSkeleton(named, 'Stein, Anna, the cat.')).toEqual({ who: 'Stein, Anna', what: 'the cat' });
    expect(matchSkeleton(named, 'Anna, Stein, cat.', 'last')).toEqual({ who: 'Anna, Stein', what: 'cat' });
    expect(matchSkeleton(named, 'Anna, who has a cat, sleeps.')).toBeUndefined();
  });

  it('gives up on text that would take for ever', () => {
    const segments: Segment[] = Array.from({ length: 30 }, (_, index): Segment[] => [
      { kind: 'slot', name: `slot${index}`, wordsMax: 1 },
      { kind: 'text', text: 'x ' },
    ]).flat();
    const started = performance.now();
    expect(matchSkeleton({ segments }, `${'a x '.repeat(2000)}y z x `)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(200);
  });
});
