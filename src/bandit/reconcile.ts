import type { ArmSums, BanditState, Routing, RoutingInterval } from '../domain/bandit-state.ts';
import type { Arm, ServingPlan } from '../domain/plan.ts';
import type { BudgetConfig } from '../domain/task.ts';
import { capShares } from './cap.ts';
import { shareMin } from './floor.ts';
import { klMaxStart } from './kl-max.ts';
import { isProven, takersOf } from './proven.ts';
import { normalised, type Share } from './routing.ts';

/** The bandit of a task under its first plan: proven arms share evenly what arms on trial do not take at entry. */
export function startBandit(plan: ServingPlan): BanditState {
  const entry = entryShares(
    plan.arms.filter((arm) => !isProven(arm, plan)),
    entryShareMax,
  );
  const shares = plan.arms.map(
    ({ variantId }) => entry.get(variantId) ?? sharesLeft(entry) / (plan.arms.length - entry.size),
  );
  return {
    version: 1,
    arms: Object.fromEntries(plan.arms.map(({ variantId }) => [variantId, newArm(0)])),
    n: 0,
    gN: 1,
    gS: 0.5,
    age: 0,
    feedbacks: 0,
    routing: {
      planVersion: plan.version,
      incumbentId: plan.incumbentId,
      probabilities: withCaps(plan, shares),
      klMax: klMaxStart,
      atFeedback: 0,
      atMs: plan.atMs,
      interval: { sinceAge: 0, arms: {} },
    },
  };
}

/**
 * The bandit under a newer plan; at once, without a KL limit. A plan that is not newer changes nothing.
 *
 * Arms that left are dropped, and their traffic goes to the remaining ones, the incumbent first. An arm that entered
 * takes min(1 %, its entry share, its cap, exploreShare) and the others are rescaled; then caps hold. A promotion changes no
 * probability: the next step does. Routing steps keep their rhythm.
 *
 * A new arm enters with L = the discounted sum of the losses that were in fact observed: the estimate of an arm that
 * had done as well as the mixture that was served (the specialists of Freund et al., STOC 1997), neither favoured
 * nor punished for having been absent. The limit of its advance begins at .005 nats, whatever earlier candidates did.
 *
 * A changed baseline is another prompt under the same id, so all sums start anew.
 */
export function reconcileBandit(
  state: BanditState,
  plan: ServingPlan,
  budget: Pick<BudgetConfig, 'exploreShare'>,
): BanditState {
  if (plan.version <= state.routing.planVersion) return state;
  const known = plan.cause.kind === 'baseline-changed' ? anew(state) : state;
  const entered = newArm(ownLosses(known));
  return {
    ...known,
    arms: Object.fromEntries(
      plan.arms.map(({ variantId }) => [variantId, own(known.arms, variantId) ?? entered]),
    ),
    routing: reconcileRouting(known.routing, plan, budget.exploreShare),
  };
}

/** No sums, and an age by which what came before counts for nothing, also when it is corrected later: e^−100. */
function anew(state: BanditState): BanditState {
  const age = state.age - 100;
  const routing = { ...state.routing, interval: { sinceAge: age, arms: {} } };
  return { ...state, arms: {}, n: 0, gN: 1, gS: 0.5, age, routing };
}

function reconcileRouting(routing: Routing, plan: ServingPlan, exploreShare: number): Routing {
  const { probabilities: old, interval, klMax } = routing;
  const entering = plan.arms.filter(({ variantId }) => own(old, variantId) === undefined);
  const entry = entryShares(entering, exploreShare);
  const ids = new Set(plan.arms.map(({ variantId }) => variantId));
  const removed = Object.entries(old).reduce((sum, [id, share]) => (ids.has(id) ? sum : sum + share), 0);
  const scale = sharesLeft(entry);
  const shares = plan.arms.map(({ variantId }) => {
    const inherited = variantId === plan.incumbentId ? removed : 0;
    return ((own(old, variantId) ?? 0) + inherited) * scale + (entry.get(variantId) ?? 0);
  });
  return {
    ...routing,
    planVersion: plan.version,
    incumbentId: plan.incumbentId,
    probabilities: withCaps(plan, shares),
    klMax: entering.some((arm) => !isProven(arm, plan)) ? klMaxStart : klMax,
    ...(interval === undefined ? {} : { interval: withoutRemoved(interval, plan) }),
  };
}

function withoutRemoved(interval: RoutingInterval, plan: ServingPlan): RoutingInterval {
  const ids = new Set(plan.arms.map(({ variantId }) => variantId));
  return {
    ...interval,
    arms: Object.fromEntries(Object.entries(interval.arms).filter(([id]) => ids.has(id))),
  };
}

/** What arms take that enter: 1 % each, less by their entry share, cap and exploreShare, and never more than half of all together. */
function entryShares(arms: readonly Arm[], exploreShare: number): ReadonlyMap<string, number> {
  const wanted = arms.map(({ cap, entryShare = entryShareMax }) =>
    Math.min(entryShareMax, entryShare, cap, Math.max(shareMin, exploreShare)),
  );
  const scale = Math.min(1, entrySumMax / wanted.reduce((sum, share) => sum + share, 0));
  return new Map(arms.map(({ variantId }, index) => [variantId, (wanted[index] ?? 0) * scale]));
}

const entryShareMax = 0.01;
const entrySumMax = 0.5;

function sharesLeft(entry: ReadonlyMap<string, number>): number {
  return [...entry.values()].reduce((rest, share) => rest - share, 1);
}

function withCaps(plan: ServingPlan, shares: readonly number[]): Routing['probabilities'] {
  const caps = plan.arms.map(({ cap }) => cap);
  const capped = capShares(shares, caps, takersOf(plan.arms, plan));
  return normalised(plan.arms.map(({ variantId }, index): Share => [variantId, capped[index] ?? 0]));
}

/** gS without what is left of its prior, whose remaining weight is gN − n. */
function ownLosses({ n, gN, gS }: BanditState): number {
  return Math.max(0, gS - 0.5 * (gN - n));
}

function newArm(L: number): ArmSums {
  return { L, N: 0, S: 0, sel: 0, obs: 0 };
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
