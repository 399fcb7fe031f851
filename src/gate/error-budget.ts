import type { ErrorBudget } from '../domain/gate-state.ts';
import type { GateConfig } from '../domain/task.ts';
import { eLondLevel } from '../stats/e-lond.ts';

/** A test that has begun: its level α_t, fixed for good, and the budget behind it. */
export interface StartedTest {
  readonly alphaLevel: number;
  readonly errorBudget: ErrorBudget;
}

/** Begins a campaign's test. With blocks, the first test of a block forgets the promotions of the block before. */
export function startTest(
  budget: ErrorBudget,
  campaignId: string,
  { alpha, block }: Pick<GateConfig, 'alpha' | 'block'>,
): StartedTest {
  const tests = budget.tests + 1;
  if (block === 'life') {
    const { promotionsInBlock } = budget;
    const alphaLevel = eLondLevel({ alpha, block, tests: budget.tests, promotionsInBlock });
    return { alphaLevel, errorBudget: { tests, promotionsInBlock } };
  }
  const isFirst = budget.tests % block === 0;
  const promotionsInBlock = isFirst ? 0 : budget.promotionsInBlock;
  const earlier = isFirst ? [] : (budget.campaignsInBlock ?? []);
  return {
    alphaLevel: eLondLevel({ alpha, block, tests: budget.tests, promotionsInBlock }),
    errorBudget: { tests, promotionsInBlock, campaignsInBlock: [...earlier, campaignId] },
  };
}

/** Counts a decided promotion, which raises the levels of later tests; only those of its own block. */
export function countPromotion(
  budget: ErrorBudget,
  campaignId: string,
  { block }: Pick<GateConfig, 'block'>,
): ErrorBudget {
  const isOfBlock = block === 'life' || (budget.campaignsInBlock ?? []).includes(campaignId);
  return isOfBlock ? { ...budget, promotionsInBlock: budget.promotionsInBlock + 1 } : budget;
}
