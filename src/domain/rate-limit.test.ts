import { describe, expect, it } from 'vitest';
import { readRateLimit } from './rate-limit.ts';

const nowMs = 1_000_000;
const read = (headers: Readonly<Record<string, string>>) =>
  readRateLimit((name) => headers[`x-ratelimit-${name.slice('x-ratelimit-'.length)}`], nowMs);

describe('readRateLimit', () => {
  it('is the limit that is nearer to its end, of requests and tokens', () => {
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '45',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '15000',
      'x-ratelimit-reset-tokens': '6m0.5s',
    };
    expect(read(headers)).toEqual({ leftShare: 0.1, resetsAtMs: nowMs + 360_500 });
  });

  it.each([
    ['20ms', 20],
    ['1h2m', 3_720_000],
    ['1.5', 1500],
    ['soon', 60_000],
    ['', 60_000],
  ])('reads a reset of %j as %i ms', (reset, expected) => {
    const limit = read({
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': reset,
    });
    expect(limit).toEqual({ leftShare: 0.1, resetsAtMs: nowMs + expected });
  });

  it('knows no share without the limit, unless nothing is left', () => {
    expect(read({ 'x-ratelimit-remaining-requests': '3' })).toBeNull();
    expect(read({ 'x-ratelimit-remaining-requests': '0' })?.leftShare).toBe(0);
    expect(read({})).toBeNull();
    expect(read({ 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-limit-requests': 'x' })).toBeNull();
  });
});
