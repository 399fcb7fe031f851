import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../domain/apply-edits.ts';
import { literalSkeleton } from '../../domain/skeleton.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import type { Question } from '../optimizer.ts';
import { editsFault } from '../safety/edits-fault.ts';
import { withWording, wordings } from './wordings.ts';

const question: Question = { instruction: 'Find what fails.', examples: [], history: [], notes: ['a note'] };

async function asked(wordingId: string | undefined): Promise<Question> {
  let seen = question;
  const ask = withWording(async (one) => {
    seen = one;
    return [];
  }, wordingId);
  await ask(question);
  return seen;
}

describe('wordings of an optimizer’s instruction', () => {
  it.each([...wordings.keys()])(
    '%s changes the instruction alone, and keeps all that it says',
    async (id) => {
      const { instruction, ...rest } = await asked(id);
      expect(rest).toEqual({ examples: [], history: [], notes: ['a note'] });
      expect(instruction.startsWith(question.instruction)).toBe(true);
      expect(instruction === question.instruction).toBe(id === baselineVariantId);
    },
  );

  it.each([...wordings])('%s passes what any edit has to pass', (_, edits) => {
    expect(applyEdits(literalSkeleton(question.instruction), edits)).toBeDefined();
    expect(editsFault(edits, { prompt: question.instruction, isForbidden: true })).toBeUndefined();
  });

  it('leave the instruction as it stands where none was drawn, or the drawn one is gone', async () => {
    expect(await asked(undefined)).toEqual(question);
    expect(await asked('of an earlier release')).toEqual(question);
  });
});
