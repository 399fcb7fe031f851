import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChoice, matchesPattern } from './choose-upstreams.ts';

const upstreams = new Map(['a', 'b', 'c'].map((name) => [name, { name }]));

describe('which upstreams may serve', () => {
  const choose = createChoice(
    {
      fallback: ['a', 'b'],
      routes: [
        { models: ['gpt-4o*', 'o1'], upstreams: ['b', 'a'] },
        { models: ['*'], upstreams: ['c'] },
      ],
      tasks: { triage: ['c', 'a'] },
    },
    upstreams,
  );

  test.each<[string, { readonly model: string; readonly taskName: string | null } | null, string]>([
    ['what is no call of a model', null, 'a b'],
    ['a task with a list, whatever its model', { model: 'gpt-4o', taskName: 'triage' }, 'c a'],
    ['a task without one, by its model', { model: 'gpt-4o-mini', taskName: 'other' }, 'b a'],
    ['no task, by its model', { model: 'o1', taskName: null }, 'b a'],
    ['a model for which the second route is the first', { model: 'o1-mini', taskName: null }, 'c'],
    ['a task that is called like a method', { model: 'o1', taskName: 'constructor' }, 'b a'],
  ])('%s', (_, call, names) => {
    expect(
      choose(call)
        .map(({ name }) => name)
        .join(' '),
    ).toBe(names);
  });

  test('without routes and tasks it is one list for everything', () => {
    const always = createChoice({ fallback: ['b'], routes: [], tasks: {} }, upstreams);
    expect(always({ model: 'm', taskName: 't' })).toBe(always(null));
  });

  test.each([
    [{ fallback: ['z'], routes: [], tasks: {} }, /no upstream z/],
    [{ fallback: ['a'], routes: [{ models: ['*'], upstreams: [] }], tasks: {} }, /empty/],
    [{ fallback: ['a'], routes: [], tasks: { t: ['y'] } }, /no upstream y/],
  ])('a list that leads nowhere is refused at the start: %j', (rules, message) => {
    expect(() => createChoice(rules, upstreams)).toThrow(message);
  });
});

describe('patterns', () => {
  test.each([
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['gpt-4o*', 'gpt-4o', true],
    ['*-mini', 'gpt-4o-mini', true],
    ['gpt*mini', 'gptmini', true],
    ['gpt*mini', 'gptmin', false],
    ['ab*ba', 'aba', false],
    ['a*b*c', 'aXXbYYc', true],
    ['a*b*c', 'aXXcYYb', false],
    ['*', '', true],
    ['gpt.4o', 'gpt-4o', false],
  ])('%s is %s: %s', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });

  test('mean what the same regular expression means', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
        expect(matchesPattern(pattern, text)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
