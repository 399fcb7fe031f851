import { tokenize } from '../stats/token-distance.ts';

/** Tokens that a step may always add, and the share of the prompt that it may add beyond: the gate's limits. */
const growthTokensMin = 48;
const growthShareMax = 0.25;

/** Characters of a token where the prompt has none to count: half of them are white space. */
const charactersPerToken = 3;

/**
 * Characters, about, that one step may add to a prompt before the gate refuses it for its size: max(T/4, 48) tokens of
 * the prompt's own mean length, T = tokens of the prompt; Infinity where the task lifts the limit. The gate measures
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
  return Math.floor(Math.max(growthShareMax * tokens, growthTokensMin) * density);
}
