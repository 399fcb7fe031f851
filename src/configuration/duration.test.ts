import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDurationMs } from './duration.ts';

test.each([
  ['7d', 604_800_000],
  ['1h', 3_600_000],
  ['1.5h', 5_400_000],
  ['30 m', 1_800_000],
  ['15s', 15_000],
  ['250ms', 250],
  ['2w', 1_209_600_000],
])('%s', (text, milliseconds) => {
  expect(parseDurationMs(text)).toBe(milliseconds);
});

test.each(['', '7', 'd', '-1d', '0s', '1 day', '1e3s', 'Infinityd', '99999999999999w', '1d 2h'])(
  '"%s" is no duration',
  (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  },
);

test('what is shown is read back as the same duration', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), (milliseconds) => {
      expect(parseDurationMs(formatDuration(milliseconds))).toBe(milliseconds);
    }),
  );
  expect([formatDuration(14 * 86_400_000), formatDuration(5_400_000)]).toEqual(['14d', '90m']);
});
