import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { tableLines } from './table.ts';

test('columns stand below their titles, figures to the right', () => {
  const lines = tableLines(
    [{ title: 'NAME' }, { title: 'SEEN', align: 'right' }],
    [
      ['a', '1'],
      ['longer', '12345'],
    ],
    null,
  );
  expect(lines).toEqual(['NAME     SEEN', 'a           1', 'longer  12345']);
});

test('letters are counted by the places that they take', () => {
  const lines = tableLines(
    [{ title: 'T' }, { title: 'X' }],
    [
      ['请求', 'x'],
      ['👩‍🚀', 'x'],
      ['é', 'x'],
    ],
    null,
  );
  expect(lines.map((line) => stringWidth(line.slice(0, -1)))).toEqual([6, 6, 6, 6]);
});

test('flexible columns give way to a narrow terminal, others never', () => {
  const columns = [{ title: 'ID' }, { title: 'TEXT', isFlexible: true }] as const;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.stringMatching(/^\w{1,9}$/), fc.string({ unit: 'grapheme', maxLength: 80 }))),
      fc.integer({ min: 24, max: 100 }),
      (rows, columnsMax) => {
        const lines = tableLines(columns, rows, columnsMax);
        expect(lines).toHaveLength(rows.length + 1);
        for (const [index, line] of lines.entries()) {
          expect(stringWidth(line)).toBeLessThanOrEqual(columnsMax);
          expect(line.startsWith(rows[index - 1]?.[0] ?? 'ID')).toBe(true);
        }
      },
    ),
  );
  expect(tableLines(columns, [['1', 'much too long for this']], 16)[1]).toBe('1   much too lo…');
});
