import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../domain/chat.ts';
import { createFixedTurns, type FixedTurns } from './fixed-turns.ts';

const owner = { scope: 's', taskId: 't' };
const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const examples = [user('2+2'), assistant('4'), user('3+3'), assistant('6')];

/** Requests of an agent that sends these turns before each question. */
function sightAll(fixed: FixedTurns, before: readonly ChatMessage[], questions: readonly string[]): void {
  for (const question of questions) fixed.sight(owner, [...before, user(question)], 'key');
}

describe('turns that a task\u2019s conversations all begin with', () => {
  test.each([
    ['examples', examples],
    ['a single example', examples.slice(0, 2)],
    ['a greeting', [assistant('Hello, how can I help?')]],
  ])('are known as the agent\u2019s own after three different continuations: %s', (_, before) => {
    const fixed = createFixedTurns();
    sightAll(fixed, before, ['a', 'b', 'a', 'b']);
    expect(fixed.lengthOf(owner, [...before, user('c')])).toBe(0);
    sightAll(fixed, before, ['c']);
    expect(fixed.lengthOf(owner, [...before, user('d')])).toBe(before.length);
    expect(fixed.lengthOf(owner, [...before, user('d'), assistant('x'), user('e')])).toBe(before.length);
  });

  test('are no others, nor those of others, nor all that there is', () => {
    const fixed = createFixedTurns();
    sightAll(fixed, examples, ['a', 'b', 'c']);
    expect(fixed.lengthOf(owner, examples)).toBe(0);
    expect(fixed.lengthOf(owner, [user('2+2'), assistant('5'), user('d')])).toBe(0);
    expect(fixed.lengthOf({ ...owner, taskId: 'x' }, [...examples, user('d')])).toBe(0);
    expect(fixed.lengthOf({ ...owner, scope: 'x' }, [...examples, user('d')])).toBe(0);
  });

  test('are not the turns of one long conversation', () => {
    const fixed = createFixedTurns();
    const talk = Array.from({ length: 20 }, (_, turn) => [user(`u${turn}`), assistant(`a${turn}`)]).flat();
    for (let turn = 1; turn < 20; turn += 1)
      fixed.sight(owner, [...talk.slice(0, 2 * turn), user(`u${turn}`)], 'key');
    expect(fixed.lengthOf(owner, [...talk, user('more')])).toBe(0);
  });

  test('are the longest that are known', () => {
    const fixed = createFixedTurns();
    sightAll(fixed, examples.slice(0, 2), ['a', 'b', 'c']);
    sightAll(fixed, examples, ['a', 'b', 'c']);
    expect(fixed.lengthOf(owner, [...examples, user('d')])).toBe(4);
    expect(fixed.lengthOf(owner, [...examples.slice(0, 2), user('d')])).toBe(2);
  });

  test('are forgotten when a model gives such an answer here', () => {
    const fixed = createFixedTurns();
    sightAll(fixed, [user('hi'), assistant('Hello!')], ['a', 'b', 'c']);
    fixed.answered(owner, 'another key');
    expect(fixed.lengthOf(owner, [user('hi'), assistant('Hello!'), user('d')])).toBe(2);
    fixed.answered(owner, 'key');
    expect(fixed.lengthOf(owner, [user('hi'), assistant('Hello!'), user('d')])).toBe(0);
  });
});
