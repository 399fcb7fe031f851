import fc from 'fast-check';
import { expect, it } from 'vitest';
import { harmless, harmlessJson, terminalText } from './terminal-text.ts';

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

it('leaves a line our own colours and nothing else that steers', () => {
  const line = '\u001B[1mbold\u001B[22m \u001B[2J\u009B2Jgone\u202E';
  expect(harmless(line)).toBe('\u001B[1mbold\u001B[22m [2J2Jgone');
});

it('leaves JSON its meaning', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = harmlessJson(JSON.stringify({ text }));
      expect(JSON.parse(json)).toEqual({ text });
      expect(json).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});
