import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerTextOf, expectedOutput, givesAnswer, writeAnswer } from './answer-form.ts';

describe('an answer', () => {
  const forms = fc.constantFrom('text', 'json', 'tool');
  const answer = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');

  it('is read back from any form, whole or malformed, plain or quoted in JSON', () => {
    fc.assert(
      fc.property(answer, forms, fc.boolean(), (text, form, isMalformed) => {
        const completion = writeAnswer(text, form, isMalformed);
        expect(givesAnswer(answerTextOf(completion), text)).toBe(true);
      }),
      {
        examples: [
          ['say "hi"', 'json', true],
          ['a\\b', 'tool', false],
        ],
      },
    );
    const completion = writeAnswer('billing', 'tool', false);
    expect(givesAnswer(JSON.stringify(completion), 'billing')).toBe(true);
    expect(givesAnswer(JSON.stringify(completion), 'bug')).toBe(false);
  });

  it('is not another answer', () => {
    for (const form of ['text', 'json', 'tool'] as const)
      expect(givesAnswer(answerTextOf(writeAnswer('bill', form, false)), 'billing')).toBe(false);
  });

  it('is compared without case and surplus white space', () => {
    expect(givesAnswer(' Billing\n', 'billing')).toBe(true);
    expect(givesAnswer('{"answer":"New   York"}', 'new york')).toBe(true);
  });

  it('parses as JSON unless it is malformed', () => {
    for (const form of ['json', 'tool'] as const) {
      expect(JSON.parse(answerTextOf(writeAnswer('bug', form, false)))).toEqual({ answer: 'bug' });
      expect(() => JSON.parse(answerTextOf(writeAnswer('bug', form, true))) as unknown).toThrow(SyntaxError);
    }
  });

  it('is expected as the output that gives it', () => {
    for (const form of ['text', 'json', 'tool'] as const)
      expect(answerTextOf(writeAnswer('bug', form, false))).toBe(expectedOutput('bug', form));
  });
});
