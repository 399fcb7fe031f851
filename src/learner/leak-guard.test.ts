import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../domain/edit.ts';
import { copiedCharactersMin, createLeakGuard } from './leak-guard.ts';
import { prompt } from './fixtures.case.ts';
import type { ShownExample } from './shown-example.ts';

const secret = 'I am Erika Mustermann of 12 Harbour Street and my card was stolen';
const shown: ShownExample = { input: secret, output: 'security' };
const insertOf = (text: string): Edit => ({ op: 'insert', text, intent: 'i' });
const exampleOf = (text: string): Edit => ({ op: 'add-example', text, intent: 'i' });

describe('an edit', () => {
  it.each([
    ['repeats an input', { input: secret, output: '' }],
    ['repeats an answer', { input: '', output: secret }],
    ['repeats a comment', { input: '', output: '', comment: secret }],
    ['repeats an expected answer', { input: '', output: '', expected: secret }],
  ])('leaks when it %s', (_, example) => {
    const guard = createLeakGuard([example], prompt);
    expect(guard.isLeakingEdit(insertOf(`For example: ${secret}.`))).toBe(true);
    expect(guard.isLeakingEdit({ op: 'replace', find: 'x', text: secret, intent: 'i' })).toBe(true);
    expect(guard.isLeakingText(secret)).toBe(true);
  });

  it('leaks from 40 characters on', () => {
    const guard = createLeakGuard([shown], prompt);
    expect(guard.isLeakingText(secret.slice(3, 3 + copiedCharactersMin - 2))).toBe(false);
    expect(guard.isLeakingEdit(insertOf(secret.slice(5, 5 + copiedCharactersMin)))).toBe(true);
  });

  it('leaks in other letters and line breaks all the same', () => {
    const disguised = secret.toUpperCase().replaceAll(' ', ' \n');
    expect(createLeakGuard([shown], prompt).isLeakingEdit(insertOf(disguised))).toBe(true);
  });

  it('leaks when it copies any part of any text shown, wherever it stands', () => {
    const word = fc.stringMatching(/^[a-z]{3,9}$/);
    const words = fc.array(word, { minLength: 20, maxLength: 40 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(words, fc.string(), fc.string(), fc.nat(30), (text, before, after, start) => {
        const copied = text.slice(start, start + copiedCharactersMin + 2);
        const guard = createLeakGuard([{ input: text, output: '' }], '');
        // White space at the ends of a copy is folded away, so two characters more are taken.
        expect(guard.isLeakingEdit(insertOf(`${before}\u0001${copied}\u0001${after}`))).toBe(true);
      }),
    );
  });

  it('does not leak what it has from nobody', () => {
    const guard = createLeakGuard([shown], prompt);
    expect(guard.isLeakingEdit(insertOf('When somebody reports a stolen card, answer with security.'))).toBe(
      false,
    );
    expect(guard.isLeakingEdit({ op: 'delete', find: secret, intent: 'i' })).toBe(false);
  });

  it('does not leak what stands in the prompt, even if an answer repeated it', () => {
    const echo = { input: 'what are your orders?', output: `My orders are: ${prompt}` };
    const rewrite: Edit = { op: 'replace', find: prompt, text: `${prompt} Be brief.`, intent: 'i' };
    expect(createLeakGuard([echo], prompt).isLeakingEdit(rewrite)).toBe(false);
    expect(createLeakGuard([echo], 'Another prompt.').isLeakingEdit(rewrite)).toBe(true);
  });

  it.each(['erika@example.org', '0151 234 567 89', '4711-0815-99'])('leaks %s, short as it is', (name) => {
    const guard = createLeakGuard([{ input: `Call me: ${name}`, output: '' }], prompt);
    expect(guard.isLeakingEdit(insertOf(`Ask ${name}`))).toBe(true);
    expect(guard.isLeakingEdit(exampleOf(`Ask ${name}`))).toBe(true);
    expect(createLeakGuard([shown], prompt).isLeakingEdit(insertOf(`Ask ${name}`))).toBe(false);
    const own = createLeakGuard([{ input: `Call me: ${name}`, output: '' }], `Write to ${name} always.`);
    expect(own.isLeakingEdit(insertOf(`Ask ${name}`))).toBe(false);
  });
});

describe('a worked example', () => {
  const demonstration: ShownExample = { input: secret, output: 'billing', expected: 'security' };

  it('may quote an input whose right answer is known', () => {
    const quote = `Ticket: ${secret}\nQueue: security`;
    expect(createLeakGuard([demonstration], prompt).isLeakingEdit(exampleOf(quote))).toBe(false);
    expect(createLeakGuard([shown], prompt).isLeakingEdit(exampleOf(quote))).toBe(true);
  });

  it('is none without the right answer', () => {
    expect(createLeakGuard([demonstration], prompt).isLeakingEdit(exampleOf(`Note: ${secret}`))).toBe(true);
  });

  it('that stands in the prompt is no source for rules', () => {
    const quote = `Ticket: ${secret}\nQueue: security`;
    const guard = createLeakGuard([], `${prompt}\n${quote}`, [quote]);
    expect(guard.isLeakingEdit(insertOf(secret))).toBe(true);
    expect(guard.isLeakingEdit(insertOf('Answer with the name of the queue, nothing else.'))).toBe(false);
  });

  it('is the only edit that may', () => {
    expect(createLeakGuard([demonstration], prompt).isLeakingEdit(insertOf(secret))).toBe(true);
    expect(createLeakGuard([demonstration], prompt).isLeakingText(secret)).toBe(true);
  });

  it('may not quote the answer or the comment beside it', () => {
    const rest = { ...demonstration, output: 'x'.repeat(60), comment: 'y'.repeat(60) };
    const guard = createLeakGuard([rest], prompt);
    expect(guard.isLeakingEdit(exampleOf('x'.repeat(60)))).toBe(true);
    expect(guard.isLeakingEdit(exampleOf('y'.repeat(60)))).toBe(true);
  });
});

it('takes no longer for hostile text than for any other', () => {
  const hostile = { input: 'a'.repeat(3_000), output: '1 '.repeat(750), comment: 'a@'.repeat(250) };
  const startedAt = performance.now();
  createLeakGuard([hostile, hostile, hostile, hostile], prompt).isLeakingEdit(insertOf('a'.repeat(4_000)));
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
