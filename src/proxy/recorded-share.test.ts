import { describe, expect, it } from 'vitest';
import { recordedShare } from './recorded-share.ts';

const names = Array.from({ length: 20_000 }, (_, n) => `episode ${n}`);

describe('the share of episodes that is recorded', () => {
  it.each([0.01, 0.1, 0.5])('is %d of them, whatever they are called', (share) => {
    const recorded = names.filter(recordedShare(share)).length / names.length;
    // Five standard deviations.
    expect(Math.abs(recorded - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / names.length));
  });

  it('has those of a smaller share in it', () => {
    const [few, many] = [recordedShare(0.1), recordedShare(0.3)];
    expect(names.filter((name) => few(name) && !many(name))).toEqual([]);
  });

  it('may be all and none', () => {
    expect(names.every(recordedShare(1))).toBe(true);
    expect(names.some(recordedShare(0))).toBe(false);
  });
});
