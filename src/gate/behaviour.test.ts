import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Completion } from '../domain/chat.ts';
import { answerDistance, behaviourOf, entryShareOf } from './behaviour.ts';

const request = { model: 'm', messages: [] };
const answer = (text: string, change: Partial<Completion> = {}): Completion => ({
  text,
  toolCalls: [],
  finishReason: 'stop',
  refusal: null,
  ...change,
});
const between = (one: Completion, other: Completion, more: Readonly<Record<string, unknown>> = {}): number =>
  answerDistance(one, other, { request: { ...request, ...more }, graders: [] });

describe('answerDistance', () => {
  it('is 0 for the same answer, 1 for another word, and small for a small change', () => {
    const long = 'Your refund was sent on Monday. It takes three to five days to reach your account.';
    expect(between(answer('billing'), answer('billing'))).toBe(0);
    expect(between(answer('billing'), answer('kiosk'))).toBeGreaterThan(0.8);
    expect(between(answer(long), answer(long.replace('Monday', 'Tuesday')))).toBeLessThan(0.3);
    expect(between(answer(long), answer('We have no record of that order.'))).toBeGreaterThan(0.7);
  });

  it('is 1 where one of them refuses, breaks the declared form or calls another tool', () => {
    const refusing = answer("I'm sorry, but I can't help with that.");
    expect(between(answer('I can tell you that: no.'), refusing)).toBe(1);
    const json = { response_format: { type: 'json_object' } };
    expect(between(answer('{"a": 1}'), answer('"a": 1'), json)).toBe(1);
    expect(between(answer('{"a": 1}'), answer('{"a": 1} '), json)).toBeLessThan(0.01);
    const calling = (name: string): Completion => answer('', { toolCalls: [{ name, arguments: '{}' }] });
    expect(between(calling('search'), calling('refund'))).toBeGreaterThan(0.5);
  });

  it('is a distance: between 0 and 1, the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        const distance = between(answer(one), answer(other));
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1);
        expect(between(answer(other), answer(one))).toBeCloseTo(distance, 12);
      }),
    );
  });
});

describe('behaviourOf', () => {
  it('knows nothing before the first pair', () => {
    expect(behaviourOf({ primary: { '0': 3 } })).toBeUndefined();
    expect(entryShareOf(undefined)).toBeNull();
  });

  it('lets a candidate that acts very differently start with half a hundredth of the traffic', () => {
    expect(entryShareOf(behaviourOf({ 'distance:behaviour': { '30': 10 } }))).toBeNull();
    expect(entryShareOf(behaviourOf({ 'distance:behaviour': { '40': 10 } }))).toBe(0.005);
  });

  it('is never below 0, whatever the incumbent differs from itself', () => {
    expect(behaviourOf({ 'distance:behaviour': { '10': 5 }, 'distance:own': { '40': 5 } })).toMatchObject({
      distance: 0,
      ownDistance: 0.4,
      evidenceFactor: 1,
    });
  });
});
