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
}

export interface ErrorBudget {
  /** Tests started in the task's life; the position in the block is this modulo the block length. */
  readonly tests: number;
  /** Promotions decided in the current block (in the task's life for `block: life`). */
  readonly promotionsInBlock: number;
}

/** The e-Shiryaev-Roberts processes of the arms under watch. */
export interface WatchState {
  /** Sequence of the newest reward event that has been folded in. */
  readonly cursor: number;
  readonly arms: Readonly<Record<string, ArmWatch>>;
}

export interface ArmWatch {
  /** μ₀ in [0, 1]: the level that the arm must not fall below. */
  readonly level: number;
  /** M_j, one per bet. */
  readonly martingales: readonly number[];
  readonly observations: number;
  /** Set while an alarm is being investigated by a burst of paired replays. */
  readonly alarm: Alarm | null;
}

export interface Alarm {
  readonly raisedAtMs: number;
  /** Requests recorded after this moment are the burst's evidence. */
  readonly pairsByOpponent: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly replaysDone: number;
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
}
