import { growthLimits } from '../domain/growth-limit.ts';
import { tokenize } from '../stats/token-distance.ts';

/** Characters of a token where the prompt has none to count: half of them are white space. */
const charactersPerToken = 3;

/**
 * Characters, about, that one step may add to a prompt before the gate refuses it for its size: the tokens that it may
 * be longer by (`domain/growth-limit.ts`), of the prompt's own mean length; Infinity where the task lifts the limit. The gate measures
 * tokens exactly, and its radius moves; this only keeps an optimizer that puts texts together from making what would be
 * refused anyway.
 */
export function growthCharactersMax(
  prompt: string,
  { isEditSizeLimited }: { readonly isEditSizeLimited: boolean },
): number {
  if (!isEditSizeLimited) return Infinity;
  const tokens = tokenize(prompt).length;
  const density = tokens === 0 ? charactersPerToken : prompt.length / tokens;
  const { byParent } = growthLimits({ parent: tokens, baseline: 0 });
  return Math.floor((byParent - tokens) * density);
}
