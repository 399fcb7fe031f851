/** What a step may always add, and the share of the prompt that it may add beyond: the gate's limits, in characters. */
const growthCharactersMin = 200;
const growthShareMax = 0.25;

/**
 * Characters, about, that one step may add to a prompt before the gate refuses it for its size: max(prompt/4, 200);
 * Infinity where the task lifts the limit. The gate measures tokens exactly; this only keeps an optimizer that puts
 * examples together from making what is refused anyway.
 */
export function growthCharactersMax(
  prompt: string,
  { isEditSizeLimited }: { readonly isEditSizeLimited: boolean },
): number {
  return isEditSizeLimited ? Math.max(growthCharactersMin, prompt.length * growthShareMax) : Infinity;
}
