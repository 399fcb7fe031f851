import type { BanditState, ObservationCredit } from '../domain/bandit-state.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { BanditConfig, BudgetConfig } from '../domain/task.ts';
import type { Variant } from '../domain/variant.ts';

/**
 * How sums move, given to a store so that feedback and its effect are one transaction without the store knowing the
 * mathematics. Pure functions; `bandit/fold.ts` has them. Each throws a RangeError for a state that breaks its
 * invariants. `BanditState.routing.probabilities` of the newest state is what is served and logged.
 */
export interface BanditFold {
  /** The bandit of a task that has its first plan. */
  readonly start: (plan: ServingPlan) => BanditState;
  /** The first reward of an episode. An arm that is no longer in the plan leaves the state as it is. */
  readonly observe: (state: BanditState, observation: Observation, settings: FoldSettings) => Folded;
  /**
   * A changed reward of an episode that has been observed, with the credit kept from before; the credit that comes
   * back replaces it. `null` where the arm has been removed: then the state is as it was.
   */
  readonly correct: (
    state: BanditState,
    correction: Observation & { readonly credit: ObservationCredit },
  ) => Folded;
  /**
   * Arms that entered or left the plan, and the routing that follows at once. Called with each new plan; one that is
   * not newer than the state's leaves it as it is.
   */
  readonly reconcile: (state: BanditState, plan: ServingPlan, settings: FoldSettings) => BanditState;
  /** Decisions whose observation window closed; those of arms that have been removed are ignored. */
  readonly closeWindows: (state: BanditState, closed: readonly ClosedWindow[]) => BanditState;
  /** The routing step that is due after 24 h without enough feedback; the same state when none is due. */
  readonly tick: (state: BanditState, settings: FoldSettings) => BanditState;
}

export interface Observation {
  readonly variantId: string;
  readonly propensity: number;
  /** In [0, 1]. */
  readonly reward: number;
}

export interface FoldSettings {
  readonly plan: ServingPlan;
  readonly bandit: BanditConfig;
  readonly budget: BudgetConfig;
  readonly nowMs: number;
  /** Variants of the plan's arms, given with a new plan. */
  readonly variants?: readonly Variant[];
}

export interface Folded {
  readonly state: BanditState;
  /** `null` where the observation changed nothing. */
  readonly credit: ObservationCredit | null;
}

export interface ClosedWindow {
  readonly variantId: string;
  readonly selected: number;
  readonly observed: number;
}
