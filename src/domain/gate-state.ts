import type { CreditReport } from './credit-report.ts';
import type { Edit } from './edit.ts';
import type { ServingPlan } from './plan.ts';
import type { ProposalPurpose } from './test-terms.ts';
import type { Variant } from './variant.ts';

/**
 * What the gate of one task remembers between cycles, beside its campaigns. Versioned JSON, replaced as a whole under
 * a revision check.
 */
export interface GateState {
  readonly version: 1;
  readonly revision: number;
  /** Error budget: tests started, and promotions decided within the current block. */
  readonly errorBudget: ErrorBudget;
  /** Relative edit radius r in [.05, .5]. */
  readonly radius: number;
  readonly watch: WatchState | null;
  /** What a new baseline takes over from the one before it. Absent while the first one holds. */
  readonly rebase?: Rebase;
  /** What edits were worth when it was last looked at; absent before the first look. */
  readonly credit?: CreditReport;
  /** Variants that the gate found by itself and that wait for a campaign, the next one first; absent: none. */
  readonly trials?: readonly Trial[];
  /** Requests that are asked again to notice a changed model; absent while none are. */
  readonly pinned?: PinnedWatch;
  /** When their answers last turned out unlike before; absent: never. */
  readonly modelChangedAtMs?: number;
  /** Set while a person has learning stand still. */
  readonly paused?: Pause;
}

/** What is remembered of a task before its first change. */
export const startGateState: GateState = {
  version: 1,
  revision: 0,
  errorBudget: { tests: 0, promotionsInBlock: 0 },
  radius: 0.25,
  watch: null,
};

/** A person's order that nothing new is tried. */
export interface Pause {
  readonly by: string;
  readonly atMs: number;
}

/**
 * Whether nothing new may be tried or promoted: learning is paused, or all traffic is pinned, so that nothing could be
 * learned. What watches over users goes on.
 */
export function isLearningHeld(
  { pinnedId }: Pick<ServingPlan, 'pinnedId'>,
  gateState: Pick<GateState, 'paused'> | undefined,
): boolean {
  return pinnedId !== undefined || gateState?.paused !== undefined;
}

/** A fixed set of recorded requests, known by their decisions alone. */
export interface PinnedWatch {
  readonly baselineVersion: number;
  readonly decisionIds: readonly string[];
  readonly startedAtMs: number;
  /** Rounds asked; answers are compared with those of the first. */
  readonly rounds: number;
  /** When the last one was asked. */
  readonly roundAtMs: number;
  /** μ₀ of the likeness to the first round, in [0, 1]. */
  readonly level: number;
  /** Sums from which it is made. */
  readonly likeness: RewardSums;
  readonly martingales: readonly number[];
}

/** A variant that is to have an ordinary campaign. */
export interface Trial {
  readonly variant: Variant;
  /**
   * `credit`: the incumbent without an edit of no worth; `archive`: after a drift, an earlier variant, or the incumbent
   * without an edit that the drift has hurt.
   */
  readonly origin: 'credit' | 'archive';
  /** Absent: `improve`. */
  readonly purpose?: ProposalPurpose;
  /** When it was found. */
  readonly atMs: number;
}

/**
 * `pending`: the developer has changed the prompt, and what was learned for the old one waits until the new one has
 * settled. `done`: it has been proposed again, as far as it had a place in the new one.
 */
export type Rebase =
  | {
      readonly kind: 'pending';
      /** The incumbent of the old prompt; `null` where it had none but itself. */
      readonly incumbentId: string | null;
      /** Campaigns that were under way, oldest first. */
      readonly campaignIds: readonly string[];
    }
  | {
      readonly kind: 'done';
      readonly baselineVersion: number;
      /** The campaigns that it began. */
      readonly campaignIds: readonly string[];
      /** How many edits the new prompt had no need of. */
      readonly contained: number;
      /** Edits that have no place in the new prompt. */
      readonly lost: readonly Edit[];
    };

export interface ErrorBudget {
  /** Tests started in the task's life; the position in the block is this modulo the block length. */
  readonly tests: number;
  /** Promotions decided in the current block (in the task's life for `block: life`). */
  readonly promotionsInBlock: number;
  /**
   * Campaigns whose tests began in the current block: a promotion from an earlier block raises no level in this one.
   * Absent before the first test and with `block: life`.
   */
  readonly campaignsInBlock?: readonly string[];
}

/** The e-Shiryaev-Roberts processes of the arms under watch. */
export interface WatchState {
  /** Sequence of the newest reward event that has been folded in. */
  readonly cursor: number;
  readonly arms: Readonly<Record<string, ArmWatch>>;
  /** Rewards that wait for their live contrast; absent without a canary. */
  readonly live?: LiveMatching;
  /** Guardrail metrics and segments; absent before the first settled episode. */
  readonly guards?: GuardWatch;
}

/** The watch over guardrail metrics and segments, by name: `metric:<name>` or `segment:<name>`. */
export interface GuardWatch {
  /** Settled episodes decided up to this moment have been folded in. */
  readonly cursorMs: number;
  /** What the incumbents delivered last: the level of whoever follows. */
  readonly delivered: Readonly<Record<string, { readonly variantId: string; readonly recent: RewardWindow }>>;
  /** By variant, then by name. */
  readonly arms: Readonly<Record<string, Readonly<Record<string, GuardStream>>>>;
}

/** One e-Shiryaev-Roberts process; fields as in `ArmWatch`. */
export interface GuardStream {
  readonly level: number;
  readonly martingales: readonly number[];
  readonly observations: number;
  readonly recent: RewardWindow;
}

/** The rewards of canary and incumbent that have not been paired with one another yet, oldest first. */
export interface LiveMatching {
  readonly campaignId: string;
  readonly waiting: readonly LiveReward[];
  readonly unused: readonly LiveReward[];
}

export interface LiveReward {
  readonly episodeId: string;
  readonly reward: number;
  readonly decidedAtMs: number;
}

/** Sums over an arm's newest rewards: the current block of 250 and the full one before it. */
export interface RewardWindow {
  readonly previous: RewardSums;
  readonly current: RewardSums;
}

export interface RewardSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

export interface ArmWatch {
  /** μ₀ in [0, 1]: the level that the arm must not fall below; 0 while none is known, which no arm can fall below. */
  readonly level: number;
  /** M_j, one per bet. */
  readonly martingales: readonly number[];
  readonly observations: number;
  /** The newest rewards, from which levels are made. */
  readonly recent?: RewardWindow;
  /** Set while an alarm is being investigated by a burst of paired replays. */
  readonly alarm: Alarm | null;
}

export interface Alarm {
  readonly raisedAtMs: number;
  /** `BanditState.feedbacks`, and the sequence of the newest reward event, when it was raised. */
  readonly atFeedback?: number;
  readonly afterSequence?: number;
  /** Histograms of alarmed arm minus opponent, replayed after this moment. */
  readonly pairsByOpponent: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly replaysDone: number;
  /** What fell: a name of `GuardWatch`; absent: the reward. */
  readonly guard?: string;
}

/** A decided alarm, kept as an event. */
export interface WatchEvent {
  readonly taskId: string;
  readonly atMs: number;
  readonly variantId: string;
  readonly cause: 'regression' | 'upstream-drift' | 'undecided';
  readonly action: 'rolled-back' | 'reset';
  /** Variant that took over; `null` where nothing was rolled back. */
  readonly toVariantId: string | null;
  /** The edit that was hurt, where no place of retreat is better but the prompt would be without it: its `editKey`. */
  readonly editKey?: string;
  /** What fell: a name of `GuardWatch`, or `pinned` for answers to pinned requests; absent: the reward. */
  readonly guard?: string;
}
