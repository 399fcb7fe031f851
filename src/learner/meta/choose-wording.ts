import { banditFold } from '../../bandit/fold.ts';
import { stepRouting } from '../../bandit/routing.ts';
import { sampleArm } from '../../bandit/sample.ts';
import { firstPlan, type ServingPlan } from '../../domain/plan.ts';
import type { DrawnWording } from '../../domain/proposal.ts';
import type { Random } from '../../domain/random.ts';
import { defaultTaskConfig } from '../../domain/task.ts';
import { baselineVariantId } from '../../domain/variant.ts';
import type { FoldSettings } from '../../store/bandit-fold.ts';
import { wordings } from './wordings.ts';
import type { WordingTurn } from './wording-turns.ts';

/** The internal task whose variants are wordings. It has no row in the store: its state follows from its turns. */
const metaTaskName = 'ratchet/optimizer';

/** The most that one wording beside that which stands may have of all turns. */
const shareMax = 0.15;

/**
 * Which wording a turn asks with, and how likely that was: the bandit that routes users' requests, over wordings. Each turn
 * whose wording was drawn is an observation with the propensity of its draw; all are gone through anew, so that nothing
 * is kept. The wording that stands always keeps 40 % of the turns, and no other one has more than 15 %: none of them has
 * been proven (turns are too few for the gate's evidence), and none needs to be, since what they lead to still has to
 * pass the gate. Turns of wordings that are gone count for nothing.
 */
export function chooseWording(turns: readonly WordingTurn[], random: Random): DrawnWording {
  const { variantId, propensity } = sampleArm(wordingShares(turns), random);
  return { id: variantId, propensity };
}

/** The probabilities of a draw, by wording; they sum to 1. */
export function wordingShares(turns: readonly WordingTurn[]): Readonly<Record<string, number>> {
  const state = turns.reduce(
    (known, { id, propensity, reward }) =>
      banditFold.observe(known, { variantId: id, propensity, reward }, settings).state,
    banditFold.start(plan),
  );
  return stepRouting(state, settings).probabilities;
}

/** Judged or not, wordings may gain and lose freely within their caps: no user is behind them. */
const plan: ServingPlan = {
  ...firstPlan(metaTaskName, 1, 0),
  arms: [...wordings.keys()].map((variantId) =>
    variantId === baselineVariantId
      ? { variantId, status: 'baseline', cap: 1 }
      : { variantId, status: 'superseded', cap: shareMax },
  ),
};

const settings: FoldSettings = {
  plan,
  bandit: defaultTaskConfig.bandit,
  budget: defaultTaskConfig.budget,
  nowMs: 0,
};
