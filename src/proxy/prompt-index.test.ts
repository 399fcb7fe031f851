import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSkeleton, type Segment, type Skeleton } from '../domain/skeleton.ts';
import { createPrefixList } from './prefix-list.ts';
import { createPromptIndex } from './prompt-index.ts';
import { createWordIndex } from './word-index.ts';

const short = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });

describe('createPrefixList', () => {
  it('finds every prefix of a text, longest first, whatever was added and removed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(short, fc.boolean())), short, (changes, text) => {
        const list = createPrefixList<string>();
        const kept = new Set<string>();
        for (const [prefix, isKept] of changes) {
          list.add(prefix, prefix);
          if (!isKept) list.remove(prefix, prefix);
          if (isKept) kept.add(prefix);
          else kept.delete(prefix);
        }
        const expected = [...kept].filter((prefix) => text.startsWith(prefix));
        expect([...list.of(text)]).toEqual(expected.toSorted((one, other) => other.length - one.length));
      }),
      { numRuns: 2000 },
    );
  });
});

const texts = (...parts: readonly string[]): Skeleton => ({
  segments: parts.map((part, index): Segment =>
    index % 2 === 0 ? { kind: 'text', text: part } : { kind: 'slot', name: part },
  ),
});

describe('createPromptIndex', () => {
  it('finds every skeleton that a prompt is an instance of', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '\u{1f600}'), maxLength: 8 });
    const skeleton = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => texts(...parts));
    fc.assert(
      fc.property(fc.array(skeleton, { minLength: 1 }), part, (skeletons, value) => {
        const index = createPromptIndex<number>();
        for (const [item, known] of skeletons.entries()) index.set(item, known);
        for (const [item, { segments }] of skeletons.entries()) {
          const names = segments.flatMap((segment) => (segment.kind === 'slot' ? [segment.name] : []));
          const prompt = fillSkeleton({ segments }, Object.fromEntries(names.map((name) => [name, value])));
          expect(index.candidates(prompt, 64)).toContain(item);
        }
      }),
    );
  });

  it('leads to few of ten thousand, and forgets what has moved', () => {
    const index = createPromptIndex<number>();
    const preamble = 'You work for Acme. Be kind. '.repeat(20);
    for (let n = 0; n < 10_000; n += 1) index.set(n, texts(`${preamble}You are agent ${n}, for `, 'x', '.'));
    expect(index.candidates(`${preamble}You are agent 77, for you.`, 64)).toEqual([77]);
    index.set(77, texts('It is ', 'day', ` now. ${preamble}`));
    expect(index.candidates(`${preamble}You are agent 77, for you.`, 64)).toEqual([]);
    expect(index.candidates(`It is Monday now. ${preamble}`, 64)).toEqual([77]);
    index.delete(77);
    expect(index.candidates(`It is Monday now. ${preamble}`, 64)).toEqual([]);
  });
});

describe('createWordIndex', () => {
  it('finds what shares most words, in a long prompt too', () => {
    const index = createWordIndex<{ readonly name: string }>();
    const rules = 'Route each parcel by weight, value and country; insure whatever is fragile.';
    const parcels = { name: 'parcels' };
    index.set(parcels, texts(`${rules} It is `, 'day', '.'));
    index.set({ name: 'recipes' }, texts('Translate the recipe into plain English and keep every quantity.'));
    for (let n = 0; n < 500; n += 1)
      index.set({ name: `other ${n}` }, texts(`word${n} and number${n} of many`));
    const filler = Array.from({ length: 20_000 }, (_, n) => `x${n}`).join(' ');
    expect(index.nearest(`${filler} ${rules} Weigh twice.`, 1)).toEqual([parcels]);
    index.delete(parcels);
    expect(index.nearest(rules, 4)).not.toContain(parcels);
  });
});
