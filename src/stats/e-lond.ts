/** The share γ_t of an error budget that the t-th test may spend, t from 1; sums to at most 1 over the budget's tests. */
export type BudgetShares = (test: number) => number;

/** Equal shares for a block of tests: γ_t = 1/block. */
export function blockShares(block: number): BudgetShares {
  return () => 1 / block;
}

/** One budget for an endless life: γ_t = 6/(π²t²), which sums to 1. */
export const lifeShares: BudgetShares = (test) => 6 / (Math.PI ** 2 * test ** 2);

/** Where a test stands in its error budget. */
export interface BudgetPosition {
  /** False discovery rate that a budget keeps, in (0, 1). */
  readonly alpha: number;
  /** Tests that share one budget, ≥ 1, or `life` for one budget for ever. */
  readonly block: number | 'life';
  /** Tests that the task had started before this one, ≥ 0. */
  readonly tests: number;
  /** How many of this block's earlier tests have ended in promotion by now. */
  readonly promotionsInBlock: number;
  /** Replaces the shares that `block` implies. */
  readonly shares?: BudgetShares;
}

/**
 * The level α_t = α·γ_t·(R + 1) of the next test, fixed when it starts: it rejects when its e-value reaches 1/α_t.
 * e-LOND: Xu & Ramdas, "Online multiple testing with e-values", AISTATS 2024. Each promotion counts at most
 * α_t·e_t/(R + 1) = α·γ_t·e_t towards the false discovery rate, so it stays ≤ α under any dependence between tests,
 * overlapping ones too. With blocks the bound holds for each block.
 *
 * R is at most the number of the block's earlier tests, so a new block begins with R = 0 whatever the caller still
 * counts. A level never exceeds 1. Throws a RangeError for values outside the ranges given.
 */
export function eLondLevel(position: BudgetPosition): number {
  const { alpha, block, tests, promotionsInBlock } = position;
  const isBlock = block === 'life' || (Number.isInteger(block) && block >= 1);
  if (!(alpha > 0 && alpha < 1) || !isBlock || !(tests >= 0) || !(promotionsInBlock >= 0))
    throw new RangeError(
      `error budget: alpha ${alpha}, block ${block}, tests ${tests}, promotions ${promotionsInBlock}`,
    );
  const earlier = block === 'life' ? tests : tests % block;
  const shares = position.shares ?? (block === 'life' ? lifeShares : blockShares(block));
  return Math.min(1, alpha * shares(earlier + 1) * (Math.min(promotionsInBlock, earlier) + 1));
}
