import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from './apply-edits.ts';
import { carryEdits } from './carry-edits.ts';
import type { Edit } from './edit.ts';
import { literalSkeleton } from './skeleton.ts';

const intent = 'test';
const prompt = 'You sort tickets. Be brief.\nAnswer with the queue.';

describe('carryEdits', () => {
  it.each<[string, Edit, 'kept' | 'contained' | 'lost']>([
    ['an insertion at the end', { op: 'insert', text: 'Be kind.', intent }, 'kept'],
    ['an insertion that is there', { op: 'insert', text: 'Be  brief.', intent }, 'contained'],
    [
      'an insertion behind a phrase',
      { op: 'insert', after: 'tickets.', text: 'All of them.', intent },
      'kept',
    ],
    [
      'an insertion behind a lost one',
      { op: 'insert', after: 'mails.', text: 'All of them.', intent },
      'lost',
    ],
    ['a replacement', { op: 'replace', find: 'Be brief.', text: 'Be kind.', intent }, 'kept'],
    [
      'a replacement that is made',
      { op: 'replace', find: 'Be short.', text: 'Be brief.', intent },
      'contained',
    ],
    [
      'a replacement of a lost phrase',
      { op: 'replace', find: 'Be short.', text: 'Be kind.', intent },
      'lost',
    ],
    ['a deletion', { op: 'delete', find: 'Be brief.', intent }, 'kept'],
    ['a deletion that is made', { op: 'delete', find: 'Be short.', intent }, 'contained'],
    ['a move', { op: 'move', find: 'Be brief.', intent }, 'kept'],
    [
      'a move that is made',
      { op: 'move', find: 'Answer with the queue.', after: 'Be brief.', intent },
      'contained',
    ],
    ['a move of a lost phrase', { op: 'move', find: 'Be short.', intent }, 'lost'],
    ['an example', { op: 'add-example', text: 'Q: x\nA: y', intent }, 'kept'],
  ])('%s', (_, edit, outcome) => {
    expect(carryEdits(literalSkeleton(prompt), [edit])[outcome]).toEqual([edit]);
  });

  it('loses what stands upon a lost edit, and keeps what stands upon one that the prompt has', () => {
    const base: Edit = { op: 'replace', find: 'Be terse.', text: 'Be brief. Be kind.', intent };
    const upon: Edit = { op: 'replace', find: 'Be kind.', text: 'Be very kind.', intent };
    expect(carryEdits(literalSkeleton(prompt), [base, upon]).lost).toEqual([base, upon]);
    const kind = literalSkeleton('You sort tickets. Be brief. Be kind.');
    expect(carryEdits(kind, [base, upon])).toEqual({ kept: [upon], contained: [base], lost: [] });
  });

  it('accounts for every edit, and what it keeps applies', () => {
    const phrase = fc.constantFrom('Be brief.', 'tickets', 'queue', 'absent', 'Be kind.', '{{slot1}}', '');
    const edit = fc.oneof(
      fc.record({ op: fc.constant('insert'), text: phrase, after: phrase, intent: fc.constant(intent) }),
      fc.record({ op: fc.constant('replace'), find: phrase, text: phrase, intent: fc.constant(intent) }),
      fc.record({ op: fc.constant('delete'), find: phrase, intent: fc.constant(intent) }),
      fc.record({ op: fc.constant('move'), find: phrase, after: phrase, intent: fc.constant(intent) }),
      fc.record({ op: fc.constant('add-example'), text: phrase, intent: fc.constant(intent) }),
    ) as fc.Arbitrary<Edit>;
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        const { kept, contained, lost } = carryEdits(literalSkeleton(prompt), edits);
        expect(kept.length + contained.length + lost.length).toBe(edits.length);
        expect(applyEdits(literalSkeleton(prompt), kept)).toBeDefined();
      }),
    );
  });
});
