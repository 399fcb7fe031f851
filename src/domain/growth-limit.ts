/** Tokens that a step may always add: a short prompt may take a sentence too. */
export const tokensFree = 48;

const baselineTokensFree = 400;
const growthOfParentMax = 1.25;
const growthOfBaselineMax = 1.5;

/**
 * The longest prompt that one step may lead to, in tokens: max(1.25 × parent, parent + 48) by its parent, and
 * max(1.5 × baseline, baseline + 400) by the agent's own prompt.
 */
export function growthLimits(tokens: { readonly parent: number; readonly baseline: number }): {
  readonly byParent: number;
  readonly byBaseline: number;
} {
  const { parent, baseline } = tokens;
  return {
    byParent: Math.max(growthOfParentMax * parent, parent + tokensFree),
    byBaseline: Math.max(growthOfBaselineMax * baseline, baseline + baselineTokensFree),
  };
}
