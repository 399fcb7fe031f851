import type { BanditState, Routing } from '../domain/bandit-state.ts';
import type { ServingPlan } from '../domain/plan.ts';
import type { Baseline, Task } from '../domain/task.ts';
import type { Variant } from '../domain/variant.ts';

/** Tasks, their plans, and the snapshot that the data plane serves from. */
export interface PlanStore {
  /** Adds a task with its first plan and a fresh bandit; a task that exists is returned as it is. */
  readonly registerTask: (task: Task) => Promise<Task>;
  /** Replaces a task's baseline if it is newer: a higher version, or the same one with a changed skeleton or count. */
  readonly saveBaseline: (taskId: string, baseline: Baseline) => Promise<void>;
  /** Replaces the configuration of a task that exists. */
  readonly saveTaskConfig: (taskId: string, config: Task['config']) => Promise<void>;
  /** Every task, or those changed after `revision`, with the newest revision. */
  readonly readSnapshot: (revision: number) => Promise<Snapshot>;
  readonly readTask: (taskId: string) => Promise<TaskSnapshot | undefined>;
  /** Plans of a task, newest first; only those older than `beforeVersion`, where it is given. */
  readonly readPlans: (
    taskId: string,
    limit: number,
    beforeVersion?: number,
  ) => Promise<readonly ServingPlan[]>;
  readonly readVariant: (taskId: string, variantId: string) => Promise<Variant | undefined>;
  /** Every variant that was ever proposed for a task, by id; without the baseline. */
  readonly readVariants: (taskId: string) => Promise<readonly Variant[]>;
  /** Every version of a task's baseline that is known, newest first; the first is the present one. */
  readonly readBaselines: (taskId: string) => Promise<readonly Baseline[]>;
  /** Signs decision ids; on first use `candidate` is taken, else one is made at random: base64url of 32 bytes. */
  readonly readSecret: (candidate?: string) => Promise<string>;
}

export interface Snapshot {
  readonly revision: number;
  readonly tasks: readonly TaskSnapshot[];
  /** Ids of tasks that exist, and are damaged so that they cannot be read. Absent: none. */
  readonly unreadable?: readonly string[];
}

/** All that serving and deciding about one task needs. */
export interface TaskSnapshot {
  readonly task: Task;
  readonly plan: ServingPlan;
  /** The variants of the plan's arms, the baseline included. */
  readonly variants: readonly Variant[];
  readonly routing: Routing;
  readonly bandit: BanditState;
}
