import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aliasedTask, automaticTaskName, headerText, taskNameOf } from './task-name.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['  ', undefined],
  [' triage ', 'triage'],
  ['x'.repeat(300), 'x'.repeat(200)],
  [`${'x'.repeat(199)}🎫`, `${'x'.repeat(199)}\ufffd`],
])('a caller who says %j means %j', (given, name) => {
  expect(taskNameOf(given)).toBe(name);
});

test.each([
  ['gpt-4o', undefined],
  ['ratchet/', undefined],
  ['ratchet/triage', 'triage'],
  ['vendor/ratchet/x', undefined],
])('the model %s stands for %j', (model, task) => {
  expect(aliasedTask(model)).toBe(task);
});

test.each([
  ['You are a helpful assistant. Be kind.', 'you-are-a-helpful-assistant-wxyz'],
  ['«Grüß Gott!» 你好', 'grüß-gott-你好-wxyz'],
  ['!!!', 'prompt-wxyz'],
])('%s is called %s, in a header too', (prompt, name) => {
  expect(automaticTaskName(prompt, 'auto-WXYZ')).toBe(name);
  expect(headerText(name)).toMatch(/^[\x20-\x7e]+$/);
  expect(decodeURIComponent(headerText(name))).toBe(name);
});

test('whatever somebody calls a task, a header can carry it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 0xffff }), (text, unit) => {
      const half = `${text}${String.fromCharCode(unit)}`;
      expect(headerText(half)).toMatch(/^[\x20-\x7e]*$/);
      expect(headerText(taskNameOf(half) ?? '')).toMatch(/^[\x20-\x7e]*$/);
    }),
    { examples: [['', 0xd83d]] },
  );
});
