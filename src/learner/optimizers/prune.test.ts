import { describe, expect, it } from 'vitest';
import type { CreditedEdit } from '../../domain/credit-report.ts';
import { editKey } from '../../domain/edit-key.ts';
import type { Edit } from '../../domain/edit.ts';
import { insert, variantOf } from '../fixtures.case.ts';
import type { OptimizerOutput } from '../optimizer.ts';
import { contextOf } from '../optimizer-context.case.ts';
import { prune } from './prune.ts';

const [one, two, three] = [insert('a'), insert('b'), insert('c')];

function creditOf(edit: Edit, change: Partial<CreditedEdit>): CreditedEdit {
  return {
    key: editKey(edit),
    edit,
    isServing: true,
    tokens: 5,
    verdict: 'unclear',
    reason: null,
    effect: null,
    contexts: 1,
    agreement: 1,
    episodesWith: 50,
    episodesWithout: 50,
    isRemovalProposed: false,
    ...change,
  };
}

const around = (estimate: number): CreditedEdit['effect'] => ({
  estimate,
  low: estimate - 0.1,
  high: estimate + 0.1,
});

async function proposals(
  edits: readonly Edit[],
  credit: readonly CreditedEdit[] = [],
): Promise<OptimizerOutput> {
  return await prune.propose(contextOf({ incumbent: variantOf(...edits), credit }));
}

describe('pruning', () => {
  it('leaves out each edit of the incumbent, the oldest first where nothing is known, to save tokens', async () => {
    expect(await proposals([one, two, three])).toEqual({
      candidates: [
        [two, three],
        [one, three],
        [one, two],
      ],
      purpose: 'prune',
    });
  });

  it('begins with what helps least, ends with what has helped, and leaves out what the gate has tried', async () => {
    const four = insert('d');
    const { candidates } = await proposals(
      [one, two, three, four],
      [
        creditOf(one, { verdict: 'positive', effect: around(0.2) }),
        creditOf(three, { effect: around(-0.05) }),
        creditOf(two, { verdict: 'neutral', effect: around(0), isRemovalProposed: true }),
      ],
    );
    expect(candidates).toEqual([
      [one, two, four],
      [one, two, three],
      [two, three, four],
    ]);
  });

  it('keeps the newest edit where it helps: it was proven beside all others', async () => {
    const { candidates } = await proposals(
      [one, two],
      [creditOf(two, { verdict: 'positive', effect: around(0.2) })],
    );
    expect(candidates).toEqual([[two]]);
  });

  it('keeps what makes the prompt shorter', async () => {
    const shorter: Edit = { op: 'delete', find: 'You sort tickets.', intent: 'i' };
    expect((await proposals([shorter, one])).candidates).toEqual([[shorter]]);
  });

  it('leaves an incumbent of one edit alone', async () => {
    expect((await proposals([one])).candidates).toEqual([]);
  });
});
