import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine } from './cosine.ts';
import { ngramDimensions, ngramEmbedding } from './ngram-embedding.ts';

const near = (one: string, other: string): number => cosine(ngramEmbedding(one), ngramEmbedding(other));

describe('ngramEmbedding', () => {
  it('has length 1, and zeros for nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const vector = ngramEmbedding(text);
        const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
        expect(vector).toHaveLength(ngramDimensions);
        expect(length).toBeCloseTo(text.normalize('NFKC').trim() === '' ? 0 : 1, 5);
      }),
    );
  });

  it('does not see case, white space and compatible forms', () => {
    expect(near('Billing  queue\n', 'billing queue')).toBeCloseTo(1, 6);
    expect(near('\uFB01ne', 'fine')).toBeCloseTo(1, 6);
  });

  it('finds texts nearer the more of their words they share', () => {
    const text = 'Refunds are paid within fourteen days of the request.';
    const close = near(text, 'Refunds are paid within ten days of the request.');
    const far = near(text, 'Please pay refunds ten days after a request.');
    const none = near(text, 'Our kitchen closes at noon.');
    expect(close).toBeGreaterThan(far);
    expect(far).toBeGreaterThan(none);
    expect(close).toBeGreaterThan(0.75);
    expect(Math.abs(none)).toBeLessThan(0.2);
  });

  it('hardly ever finds strangers near: two texts of other letters point apart', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from('abcdefghijklm')),
      minLength: 40,
      maxLength: 200,
    });
    const others = fc.string({
      unit: fc.constantFrom(...Array.from('nopqrstuvwxyz')),
      minLength: 40,
      maxLength: 200,
    });
    fc.assert(
      fc.property(letters, others, (one, other) => {
        expect(Math.abs(near(one, other))).toBeLessThan(0.35);
      }),
      { seed: 1 },
    );
  });
});

describe('cosine', () => {
  it('is 1 for the same direction, 0 at a right angle and for nothing, −1 for the opposite one', () => {
    expect(cosine([1, 2], [2, 4])).toBe(1);
    expect(cosine([1, 0], [0, 3])).toBe(0);
    expect(cosine([1, 2], [-1, -2])).toBe(-1);
    expect(cosine([0, 0], [1, 1])).toBe(0);
  });

  it('refuses vectors of different embedders', () => {
    expect(() => cosine([1], [1, 2])).toThrow(RangeError);
  });
});
