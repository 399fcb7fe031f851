import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edit } from '../../../domain/edit.ts';
import { markedPrompt } from './marked-prompt.ts';

const edits: readonly Edit[] = [
  { op: 'insert', text: 'Be brief.', intent: '' },
  { op: 'delete', find: 'Take your time.', intent: '' },
  { op: 'add-example', text: 'Example: {{name}} → refund', intent: '' },
];

describe('a marked prompt', () => {
  test('tells which edit each added or removed piece is of', () => {
    const parts = [
      { kind: 'same' as const, text: 'Sort. ' },
      { kind: 'removed' as const, text: 'Take your time.' },
      { kind: 'added' as const, text: '\nBe brief.\n\nExample: {{name}} → refund' },
    ];
    expect(markedPrompt(parts, edits, ['name'])).toEqual([
      { kind: 'same', text: 'Sort. ', edit: null },
      { kind: 'removed', text: 'Take your time.', edit: 2 },
      { kind: 'added', text: '\n', edit: null },
      { kind: 'added', text: 'Be brief.', edit: 1 },
      { kind: 'added', text: '\n\n', edit: null },
      { kind: 'added', text: 'Example: ', edit: 3 },
      { kind: 'slot', text: '{{name}}', edit: 3 },
      { kind: 'added', text: ' → refund', edit: 3 },
    ]);
  });

  test('takes nothing for a slot that only looks like one', () => {
    const [piece] = markedPrompt([{ kind: 'same', text: '{{other}}' }], [], ['name']);
    expect(piece?.kind).toBe('same');
  });

  test('loses and adds no character', () => {
    const part = fc.record({
      kind: fc.constantFrom('same' as const, 'added' as const, 'removed' as const),
      text: fc.oneof(
        fc.string(),
        fc.constantFrom('Be brief.', 'x Be brief. y {{name}} {{', 'Be brief.Be brief.'),
      ),
    });
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const textOf = (pieces: readonly { readonly text: string }[]): string =>
          pieces.map(({ text }) => text).join('');
        expect(textOf(markedPrompt(parts, edits, ['name']))).toBe(textOf(parts));
      }),
      { seed: 7 },
    );
  });
});
