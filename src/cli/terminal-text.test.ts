import fc from 'fast-check';
import { expect, it } from 'vitest';
import { terminalText } from './terminal-text.ts';

it('lets no escape sequence and no second line through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, lengthMax) => {
      const line = terminalText(text, lengthMax);
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      expect(line.length).toBeLessThanOrEqual(lengthMax);
    }),
  );
  expect(terminalText('red \u001b[31malert\n now', 40)).toBe('red [31malert now');
});
