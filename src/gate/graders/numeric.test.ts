import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NumericGraderConfig } from '../../domain/grader.ts';
import type { Subject } from './grader.ts';
import { numberOf, numeric } from './numeric.ts';

const request = { model: 'm', messages: [] };
const usual: NumericGraderConfig = {
  kind: 'numeric',
  absolute: 0,
  relative: 0,
  take: 'last',
  decimal: 'point',
};

function grade(
  text: string,
  expected: string | null,
  change: Partial<NumericGraderConfig> = {},
): number | 'missing' {
  const config = { ...usual, weight: 1, ...change };
  const answer: Subject['answer'] = { text, toolCalls: [], finishReason: 'stop', refusal: null };
  const found = 'grade' in numeric ? numeric.grade(config, { answer, request, expected }) : undefined;
  return found?.kind === 'score' ? found.score : 'missing';
}

describe('numeric', () => {
  it.each<[string, string, string, Partial<NumericGraderConfig>, number]>([
    ['equal as numbers', 'The answer is **42**.', '42.0', {}, 1],
    ['the last one counts', '6 times 7 is 42', '42', {}, 1],
    ['or the first', '42 is 6 times 7', '42', { take: 'first' }, 1],
    ['or the only one', '6 times 7 is 42', '42', { take: 'only' }, 0],
    ['said twice is still the only one', '42, so 42', '42', { take: 'only' }, 1],
    ['beyond the absolute tolerance', '10.11', '10', { absolute: 0.1 }, 0],
    ['at the absolute tolerance', '10.1', '10', { absolute: 0.1 }, 1],
    ['within the relative tolerance', '-102', '-100', { relative: 0.02 }, 1],
    ['beyond the relative tolerance', '-103', '-100', { relative: 0.02 }, 0],
    ['the wider tolerance holds', '5', '0', { absolute: 5, relative: 0.01 }, 1],
    ['binary fractions', '0.30000000000000004', '0.3', {}, 1],
    ['no number', 'forty-two', '42', {}, 0],
    ['a field of JSON', '{"total": {"amount": 12.5}, "tax": 2}', '12.5', { field: 'total.amount' }, 1],
    ['a field of a list, as text', '{"items": [{"price": "$1,200"}]}', '1200', { field: 'items.0.price' }, 1],
    ['a field on both sides', '{"a": 1, "b": 2}', '{"b": 3, "a": 1}', { field: 'a' }, 1],
    ['no such field', '{"total": 12.5}', '12.5', { field: 'sum' }, 0],
    ['no JSON', '12.5', '12.5', { field: 'sum' }, 0],
  ])('%s', (_, text, expected, ...[change, score]) => {
    expect(grade(text, expected, change)).toBe(score);
  });

  it('cannot tell where the ground truth is not one number', () => {
    expect(grade('42', null)).toBe('missing');
    expect(grade('42', 'many')).toBe('missing');
    expect(grade('42', '41 or 42', { take: 'only' })).toBe('missing');
  });

  it('takes a number out of the ground truth in whatever way it takes it out of answers', () => {
    expect(grade('It is 7', 'Of 9 there are 7', { take: 'last' })).toBe(1);
  });
});

describe('numberOf', () => {
  it.each<[string, number | undefined]>([
    ['$1,234.50.', 1234.5],
    ['1\u202F234', 1234],
    ['a 1,234,567 b', 1_234_567],
    ['\u22127', -7],
    ['x=-.5', -0.5],
    ['1e-3', 0.001],
    ['50%', 50],
    ['5kg', 5],
    ['v2', undefined],
    ['1.2.3', undefined],
    ['2026-01-31', undefined],
    ['12:30', undefined],
  ])('reads %s', (text, expected) => {
    expect(numberOf(text, { take: 'last', decimal: 'point' })).toBe(expected);
  });

  it('reads decimal commas where it is told to', () => {
    expect(numberOf('1.234,5 EUR', { take: 'last', decimal: 'comma' })).toBe(1234.5);
  });

  it('reads back every number that is written into a sentence', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });
    fc.assert(
      fc.property(number, (value) => {
        const found = numberOf(`That makes ${value} in all.`, { take: 'only', decimal: 'point' });
        expect(found).toBeCloseTo(value, 12);
      }),
    );
  });
});
