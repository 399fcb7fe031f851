import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../domain/apply-edits.ts';
import type { Edit } from '../domain/edit.ts';
import type { Optimizer } from './optimizer.ts';
import { chooseCandidates, type CandidateGround } from './choose-candidates.ts';
import { chooseOptimizer } from './choose-optimizer.ts';
import { insert, prompt, taskOf, variantOf } from './fixtures.case.ts';

const ground = (change: Partial<CandidateGround> = {}): CandidateGround => ({
  task: taskOf(),
  prompt,
  room: 4,
  history: {
    incumbent: variantOf(),
    armIds: ['baseline'],
    tried: [],
    incumbentChangesMs: [],
    rollbacks: [],
    nowMs: 0,
  },
  ...change,
});

describe('candidates', () => {
  it.each<[string, Edit, string]>([
    ['whose phrase is not in the prompt', { op: 'delete', find: 'nowhere', intent: 'i' }, 'does-not-apply'],
    ['that change nothing', { op: 'replace', find: 'sort', text: 'sort', intent: 'i' }, 'changes-nothing'],
    ['that leave nothing', { op: 'delete', find: prompt, intent: 'i' }, 'empties-prompt'],
  ])('%s are dropped', (_, edit, reason) => {
    expect(chooseCandidates([[edit]], ground())).toEqual({ variants: [], dropped: [reason] });
  });

  it('that are the same are taken once, and not more than there is room for', () => {
    const candidates = [[insert('a')], [insert('a', 'again')], [insert('b')], [insert('c')]];
    const { variants, dropped } = chooseCandidates(candidates, ground({ room: 2 }));
    expect(variants.map(({ edits }) => edits)).toEqual([[insert('a')], [insert('b')]]);
    expect(dropped).toEqual(['already-tried', 'no-room']);
  });

  it('are each taken or dropped, and what is taken applies', () => {
    const word = fc.constantFrom('sort', 'queue', 'tickets', 'nowhere');
    const edit: fc.Arbitrary<Edit> = fc.oneof(
      word.map((find): Edit => ({ op: 'delete', find, intent: 'i' })),
      fc.tuple(word, word).map(([find, text]): Edit => ({ op: 'replace', find, text, intent: 'i' })),
      word.map((text): Edit => insert(text)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(edit, { maxLength: 3 }), { maxLength: 8 }),
        fc.nat(5),
        (candidates, room) => {
          const at = ground({ room });
          const { variants, dropped } = chooseCandidates(candidates, at);
          expect(variants.length + dropped.length).toBe(candidates.length);
          expect(variants.length).toBeLessThanOrEqual(room);
          expect(new Set(variants.map(({ id }) => id)).size).toBe(variants.length);
          for (const { edits } of variants)
            expect(applyEdits(at.task.baseline.skeleton, edits)).toBeDefined();
        },
      ),
    );
  });
});

describe('the optimizer whose turn it is', () => {
  const optimizer = (name: string): Optimizer => ({ name, propose: async () => ({ candidates: [] }) });
  const known = new Map(['a', 'b'].map((name) => [name, optimizer(name)]));

  it('is each of the known ones in turn', () => {
    const turns = [0, 1, 2, 3].map((turn) => chooseOptimizer(['a', 'missing', 'b'], known, turn)?.name);
    expect(turns).toEqual(['a', 'b', 'a', 'b']);
  });

  it('is nobody where none is known', () => {
    expect(chooseOptimizer(['missing'], known, 0)).toBeUndefined();
  });
});
