import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { insert, prompt, traceOf, variantOf } from './fixtures.case.ts';
import { guardOutput } from './guard-output.ts';

const long = 'My screen has been black since this morning and nothing helps';
const trace = traceOf({ input: long, expected: 'bug' });
const context = { incumbent: variantOf(insert('base')), prompt };
const quote = (op: 'insert' | 'add-example', text = `Input: ${long}\nAnswer: bug`): Edit => ({
  op,
  text,
  intent: '',
});

describe('what an optimizer puts together by itself', () => {
  it('may quote a request whose right answer is known, as an example', () => {
    const candidates = [[insert('base'), quote('add-example')]];
    expect(guardOutput({ candidates, shown: [trace] }, context)).toEqual({
      candidates,
      shown: [trace],
      dropped: [],
    });
  });

  it.each([
    ['as a rule', quote('insert'), trace, 'copies-traffic'],
    ['without a right answer', quote('add-example'), traceOf({ input: long }), 'copies-traffic'],
    [
      'with a mail address',
      quote('add-example', 'Ask jo@example.org'),
      traceOf({ input: 'jo@example.org', expected: 'x' }),
      'copies-traffic',
    ],
    ['with an unknown slot', quote('add-example', 'Use {{secret}}'), trace, 'unknown-slot'],
    ['with control characters', quote('add-example', 'bug\u0007'), trace, 'control-character'],
  ])('may not quote one %s', (_, edit, shown, reason) => {
    expect(guardOutput({ candidates: [[edit]], shown: [shown] }, context)).toMatchObject({
      candidates: [],
      dropped: [reason],
    });
  });
});
