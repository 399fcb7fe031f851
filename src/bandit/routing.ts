import type { BanditState, RewardSums, Routing } from '../domain/bandit-state.ts';
import type { Arm, ServingPlan } from '../domain/plan.ts';
import type { FoldSettings } from '../store/bandit-fold.ts';
import { capShares } from './cap.ts';
import { armFloor, mixFloor } from './floor.ts';
import { adaptKlMax } from './kl-max.ts';
import { policies } from './policies.ts';
import { isProven, takersOf } from './proven.ts';
import { trialShares } from './trial-shares.ts';

/** Observed feedbacks from one routing step to the next. */
export const stepFeedbacks = 50;

/** After this time a step is due without them: 24 h. */
export const stepIntervalMs = 86_400_000;

/**
 * One step of the served distribution towards what the policy wants.
 *
 * 1. The *target* is the policy over all arms, with floor and caps.
 * 2. Arms on trial (`canary`) retreat to their targets at once and advance within the KL limit (`trialShares`). One that
 *    a plan left below the floor climbs to it like that too.
 * 3. The *proven* arms (incumbent, superseded, baseline) share what is left by the policy over the proven arms alone,
 *    with floor and caps. They were judged before, so they may gain freely: when the incumbent is losing, traffic flees
 *    to whichever proven arm is better. What is held back from arms on trial, or freed by their retreat, thus stays
 *    with the best proven arms, which means the incumbent unless the rewards say otherwise. (Dividing it by the target
 *    would not do: while a newcomer is far ahead, the target of every proven arm is close to the floor.)
 *
 * Without arms on trial the served distribution is the target. `klMax` adapts by the rewards since the last step; this
 * step already obeys a decrease, an increase holds from the next. The plan of `settings` must be the one that the
 * routing was reconciled with.
 */
export function stepRouting(state: BanditState, settings: FoldSettings): Routing {
  const { plan, nowMs } = settings;
  const old = state.routing.probabilities;
  const klMax = adaptKlMax(
    state.routing.klMax,
    rewardsOf(state, ({ variantId, status }) => status === 'canary' && variantId !== plan.incumbentId, plan),
    rewardsOf(state, ({ variantId }) => variantId === plan.incumbentId, plan),
  );
  const target = policyShares(state, settings, { arms: plan.arms, total: 1 });
  const trials = plan.arms.flatMap((arm, index) =>
    isProven(arm, plan)
      ? []
      : [{ variantId: arm.variantId, share: old[arm.variantId] ?? 0, target: target[index] ?? 0 }],
  );
  const advanced = trialShares(trials, Math.min(state.routing.klMax, klMax));
  const proven = plan.arms.filter((arm) => isProven(arm, plan));
  const left = advanced.reduce((rest, share) => rest - share, 1);
  const provenShares = policyShares(state, settings, { arms: proven, total: left });
  const next = new Map<string, number>([
    ...trials.map(({ variantId }, index): Share => [variantId, advanced[index] ?? 0]),
    ...proven.map(({ variantId }, index): Share => [variantId, provenShares[index] ?? 0]),
  ]);
  return {
    planVersion: plan.version,
    incumbentId: plan.incumbentId,
    probabilities: normalised(plan.arms.map(({ variantId }) => [variantId, next.get(variantId) ?? 0])),
    klMax,
    atFeedback: state.feedbacks,
    atMs: nowMs,
    interval: { sinceAge: state.age, arms: {} },
  };
}

/** An arm's variant id and its share of traffic. */
export type Share = readonly [string, number];

/**
 * Shares that sum to 1 but for rounding, as probabilities. What rounding adds up to over many changes is divided out;
 * a smaller error is left, so that a change that concerns no arm changes no probability.
 */
export function normalised(shares: readonly Share[]): Readonly<Record<string, number>> {
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  const isExact = Math.abs(total - 1) <= 1e-12;
  return Object.fromEntries(
    shares.map(([variantId, share]) => [variantId, Math.min(1, isExact ? share : share / total)]),
  );
}

/** What the policy gives some of the plan's arms out of a total share, with floor and caps. */
function policyShares(
  state: BanditState,
  { plan, bandit, budget }: FoldSettings,
  { arms, total }: { readonly arms: readonly Arm[]; readonly total: number },
): readonly number[] {
  const losses = arms.map(({ variantId }) => state.arms[variantId]?.L ?? 0);
  const wanted = policies[bandit.policy].probabilities(losses, state.n);
  const floors = arms.map(({ cap }) => armFloor(cap, plan.arms.length, budget.exploreShare));
  const caps = arms.map(({ cap }) => cap);
  return capShares(mixFloor(wanted, floors, total), caps, takersOf(arms, plan));
}

function rewardsOf(state: BanditState, isWanted: (arm: Arm) => boolean, plan: ServingPlan): RewardSums {
  return plan.arms
    .filter(isWanted)
    .map(({ variantId }) => state.routing.interval?.arms[variantId])
    .reduce<RewardSums>(
      (total, sums) => ({
        count: total.count + (sums?.count ?? 0),
        sum: total.sum + (sums?.sum ?? 0),
        squares: total.squares + (sums?.squares ?? 0),
      }),
      { count: 0, sum: 0, squares: 0 },
    );
}
