import { expect, test } from 'vitest';
import { bodyOf } from './actions.ts';

test('fields of a form become the body that they name', () => {
  expect(
    bodyOf({
      reason: 'why',
      'toVersion:number': '7',
      'edits.0.op': 'insert',
      'edits.0.text': ' two\nlines ',
      'edits.1.op': 'delete',
      'config:json': '{"a":[1]}',
      empty: '  ',
    }),
  ).toEqual({
    reason: 'why',
    toVersion: 7,
    edits: [{ op: 'insert', text: ' two\nlines ' }, { op: 'delete' }],
    config: { a: [1] },
  });
});

test('no field reaches what objects are made from', () => {
  const body = bodyOf({ '__proto__.polluted': 'yes', 'constructor.prototype.polluted': 'yes' });
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

test('a field that stands in two ways, or is no JSON, is refused', () => {
  expect(() => bodyOf({ a: '1', 'a.b': '2' })).toThrow(/stands in two ways/);
  expect(() => bodyOf({ 'a:json': '{' })).toThrow(/is no JSON/);
});
