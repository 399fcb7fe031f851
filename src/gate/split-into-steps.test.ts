import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../domain/apply-edits.ts';
import type { Edit } from '../domain/edit.ts';
import { literalSkeleton } from '../domain/skeleton.ts';
import { splitIntoSteps, withinRadius } from './split-into-steps.ts';

const skeleton = literalSkeleton('Sort the ticket into a queue. Answer with the name of the queue alone.');
const sentence = (n: number, words = 9): string =>
  Array.from({ length: words }, (_, k) => `word${n}x${k}`).join(' ');
const add = (text: string): Edit => ({ op: 'insert', text: ` ${text}.`, intent: 'x' });
const isOneStep = withinRadius(0.25);

describe('edits that are more than one step', () => {
  it('stay together while they are one', () => {
    const edits = [add(sentence(1, 4)), add(sentence(2, 4))];
    expect(splitIntoSteps(skeleton, edits, isOneStep)).toEqual([edits]);
    expect(splitIntoSteps(skeleton, [], isOneStep)).toEqual([]);
  });

  it('are parted where the next one would be too much, and each part is one', () => {
    const edits = [1, 2, 3, 4, 5].map((n) => add(sentence(n)));
    const parts = splitIntoSteps(skeleton, edits, isOneStep);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flat()).toHaveLength(edits.length);
    for (const part of parts) expect(isOneStep(skeleton, part)).toBe(true);
  });

  it('keep an edit with the one that it needs', () => {
    const [first, second, third] = [add('Alpha beta'), add(sentence(2, 22)), add(sentence(3, 22))];
    const upon: Edit = { op: 'replace', find: 'Alpha beta', text: sentence(4, 22), intent: 'x' };
    const parts = splitIntoSteps(skeleton, [first, second, third, upon], isOneStep);
    expect(parts.find((part) => part.includes(upon))).toContain(first);
    for (const part of parts) expect(applyEdits(skeleton, part)).toBeDefined();
  });

  it('have a single edit alone that is too large by itself', () => {
    const [small, large] = [add('Be kind'), add(sentence(1, 80))];
    expect(splitIntoSteps(skeleton, [small, large], isOneStep)).toEqual([[small], [large]]);
  });

  it('lose none of them and change no order within a part, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }), (lengths) => {
        const edits = lengths.map((length, n) => add(sentence(n, length)));
        const parts = splitIntoSteps(skeleton, edits, isOneStep);
        expect(new Set(parts.flat())).toEqual(new Set(edits));
        for (const part of parts) {
          const places = part.map((edit) => edits.indexOf(edit));
          expect(places).toEqual(places.toSorted((one, other) => one - other));
          expect(applyEdits(skeleton, part)).toBeDefined();
          if (part.length > 1) expect(isOneStep(skeleton, part)).toBe(true);
        }
      }),
    );
  });
});
