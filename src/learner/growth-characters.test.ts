import { describe, expect, it } from 'vitest';
import { growthCharactersMax } from './growth-characters.ts';

const limited = { isEditSizeLimited: true };

describe('the room that a step has', () => {
  it.each([
    ['', 144],
    // 5 tokens of 16 characters.
    ['answer in German', 153],
    // 799 tokens, of which a quarter.
    ['word '.repeat(400).trim(), 499],
  ])('follows from the length of the prompt', (prompt, expected) => {
    expect(growthCharactersMax(prompt, limited)).toBe(expected);
  });

  it('is endless where the task lifts the limit', () => {
    expect(growthCharactersMax('short', { isEditSizeLimited: false })).toBe(Infinity);
  });
});
