/**
 * All that the bandit of one task remembers. Versioned JSON; every field but `routing` is a sum that decays with
 * each feedback, so replicas may add their increments in any order (see `bandit/merge.ts`).
 */
export interface BanditState {
  readonly version: 1;
  /** By variant id. */
  readonly arms: Readonly<Record<string, ArmSums>>;
  /** Decayed number of observed feedbacks. */
  readonly n: number;
  /** Decayed count of all observations, starting at 1 (prior). */
  readonly gN: number;
  /** Decayed sum of all observed losses, starting at 0.5 (prior). */
  readonly gS: number;
  /**
   * Sum of log d over all feedbacks, ≤ 0: how much a contribution of time zero has decayed. Falls by 100 when the
   * sums start anew for a changed baseline, which is to say that all earlier contributions have decayed to nothing.
   */
  readonly age: number;
  /** Observed feedbacks, not decayed. */
  readonly feedbacks: number;
  /** How alike two arms are: cosines of the embeddings of their edits, by variant ids; absent: not used. */
  readonly likeness?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly routing: Routing;
}

export interface ArmSums {
  /** Decayed estimate of the arm's cumulative loss. */
  readonly L: number;
  /** Decayed number of observations of this arm. */
  readonly N: number;
  /** Decayed sum of observed losses of this arm. */
  readonly S: number;
  /** Decisions whose observation window has closed, and how many of them had feedback. Not decayed. */
  readonly sel: number;
  readonly obs: number;
}

/** The probabilities that are served and logged: after caps, floor and KL limit. */
export interface Routing {
  readonly planVersion: number;
  readonly incumbentId: string;
  /** By variant id; sums to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Upper bound of the KL divergence of the next step, nats. */
  readonly klMax: number;
  /** `feedbacks` and time of the last step. */
  readonly atFeedback: number;
  readonly atMs: number;
  /** Rewards since the last step, by which the next step adapts `klMax`. Absent: none yet. */
  readonly interval?: RoutingInterval;
}

/** What was observed since the last routing step. */
export interface RoutingInterval {
  /** `BanditState.age` at the last step; credits of a lower age belong to this interval. */
  readonly sinceAge: number;
  /** By variant id, only arms that were observed. Not decayed. */
  readonly arms: Readonly<Record<string, RewardSums>>;
}

/** Number, sum and sum of squares of rewards. */
export interface RewardSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** What an observation added, kept with its episode so that a later value can correct it exactly. */
export interface ObservationCredit {
  readonly propensity: number;
  /** ρ/(π+γ) at the time. */
  readonly weight: number;
  readonly loss: number;
  /** `BanditState.age` right after the observation. */
  readonly age: number;
}
