import { z } from 'zod';
import type { Grade } from '../../domain/grader.ts';
import { missing, scored } from './grader.ts';

const reasonCharactersMax = 500;

const answer = z.object({
  score: z.number().gte(0).lte(1),
  reason: z.string().nullish(),
});

/** The grade that a webhook's answer states; missing where it states none: a score outside [0, 1] is a fault, no score. */
export function gradeOfAnswer(value: unknown): Grade {
  const parsed = answer.safeParse(value);
  if (!parsed.success) return missing('the webhook gave no score from 0 to 1');
  const { score, reason } = parsed.data;
  return scored(score, typeof reason === 'string' ? reason.slice(0, reasonCharactersMax) : undefined);
}
