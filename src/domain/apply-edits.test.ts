import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from './apply-edits.ts';
import type { Edit } from './edit.ts';
import { fillSkeleton, literalSkeleton, skeletonText, type Skeleton } from './skeleton.ts';

const skeleton: Skeleton = {
  segments: [
    { kind: 'text', text: 'You sort tickets of ' },
    { kind: 'slot', name: 'slot1' },
    { kind: 'text', text: '. Be brief.\nAnswer with the queue.' },
  ],
};
const intent = 'test';

describe('applyEdits', () => {
  const table: readonly [string, Edit, string | undefined][] = [
    [
      'insert at the end takes a new line',
      { op: 'insert', text: 'One word.', intent },
      'You sort tickets of {{slot1}}. Be brief.\nAnswer with the queue.\nOne word.',
    ],
    [
      'insert inside a line stays in it',
      { op: 'insert', after: 'Be', text: 'very', intent },
      'You sort tickets of {{slot1}}. Be very brief.\nAnswer with the queue.',
    ],
    [
      'insert behind a line begins a line',
      { op: 'insert', after: 'Be brief.', text: 'No jokes.', intent },
      'You sort tickets of {{slot1}}. Be brief.\nNo jokes.\nAnswer with the queue.',
    ],
    [
      'replace keeps what stands around',
      { op: 'replace', find: 'Be brief.', text: 'Be kind.', intent },
      'You sort tickets of {{slot1}}. Be kind.\nAnswer with the queue.',
    ],
    [
      'delete leaves no double space',
      { op: 'delete', find: 'Be brief.', intent },
      'You sort tickets of {{slot1}}. \nAnswer with the queue.',
    ],
    [
      'delete of a first word leaves no space',
      { op: 'delete', find: 'You', intent },
      'sort tickets of {{slot1}}. Be brief.\nAnswer with the queue.',
    ],
    [
      'move takes a phrase to the end',
      { op: 'move', find: 'Be brief.', intent },
      'You sort tickets of {{slot1}}. \nAnswer with the queue.\nBe brief.',
    ],
    [
      'an example stands apart',
      { op: 'add-example', text: 'Q: x\nA: bug', intent },
      'You sort tickets of {{slot1}}. Be brief.\nAnswer with the queue.\n\nQ: x\nA: bug',
    ],
    [
      'a phrase may hold a slot',
      { op: 'replace', find: 'of {{slot1}}.', text: 'for {{slot1}}!', intent },
      'You sort tickets for {{slot1}}! Be brief.\nAnswer with the queue.',
    ],
    ['a lost phrase loses the variant', { op: 'replace', find: 'absent', text: 'x', intent }, undefined],
    ['an empty phrase is never found', { op: 'delete', find: '', intent }, undefined],
  ];
  it.each(table)('%s', (_, edit, expected) => {
    const edited = applyEdits(skeleton, [edit]);
    expect(edited && skeletonText(edited)).toBe(expected);
  });

  it('never touches what a slot was filled with', () => {
    const edited = applyEdits(skeleton, [{ op: 'replace', find: 'Be brief.', text: 'Be kind.', intent }]);
    expect(fillSkeleton(edited as Skeleton, { slot1: 'Be brief.' })).toBe(
      'You sort tickets of Be brief.. Be kind.\nAnswer with the queue.',
    );
  });

  it('keeps every character of the prompt, those that no font has too', () => {
    const odd = 'Keep \u{100000}\u{100001} and \u{10fffd}.';
    const text = `You \u{100002} sort `;
    const edited = applyEdits(
      {
        segments: [
          { kind: 'text', text },
          { kind: 'slot', name: 'slot1' },
        ],
      },
      [{ op: 'insert', text: odd, intent }],
    );
    expect(edited && fillSkeleton(edited, { slot1: '\u{100000}' })).toBe(`${text}\u{100000}\n${odd}`);
  });

  it.each<[string, Edit, string]>([
    [
      'insert',
      { op: 'insert', after: 'Be brief.', text: 'No jokes.', intent },
      'Sort.\r\nBe brief.\r\nNo jokes.\r\nEnd.',
    ],
    ['delete', { op: 'delete', find: 'Be brief.', intent }, 'Sort.\r\nEnd.'],
    [
      'replace over lines',
      { op: 'replace', find: 'Sort.\nBe brief.', text: 'Be\nkind.', intent },
      'Be\r\nkind.\r\nEnd.',
    ],
    ['add-example', { op: 'add-example', text: 'Q\nA', intent }, 'Sort.\r\nBe brief.\r\nEnd.\r\n\r\nQ\r\nA'],
  ])('%s keeps to lines that end in CR LF', (_, edit, expected) => {
    const edited = applyEdits(literalSkeleton('Sort.\r\nBe brief.\r\nEnd.'), [edit]);
    expect(edited && skeletonText(edited)).toBe(expected);
  });

  it('finds phrases in a prompt whose line ends are mixed as they stand', () => {
    const mixed = literalSkeleton('Sort.\r\nBe brief.\nEnd.');
    expect(applyEdits(mixed, [{ op: 'delete', find: 'Be brief.\nEnd.', intent }])).toBeDefined();
    expect(applyEdits(mixed, [{ op: 'delete', find: 'Sort.\r\nBe brief.', intent }])).toBeDefined();
  });

  it('replaces a whole prompt', () => {
    const edit: Edit = { op: 'replace', find: skeletonText(skeleton), text: 'New {{slot1}}', intent };
    expect(applyEdits(skeleton, [edit])).toEqual({
      segments: [
        { kind: 'text', text: 'New ' },
        { kind: 'slot', name: 'slot1' },
      ],
    });
  });

  it('without edits gives the same prompt', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(skeletonText(applyEdits(literalSkeleton(text), []) as Skeleton)).toBe(text);
      }),
    );
  });
});
