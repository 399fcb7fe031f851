import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Baseline, TaskConfig } from '../domain/task.ts';
import type { PlanStore, TaskSnapshot } from '../store/plan-store.ts';
import type { Aligner } from './aligner.ts';
import { createPromptTracker, type PromptTracker } from './prompt-tracker.ts';
import { createQuietWrite } from './quiet-write.ts';
import { createTaskArms, type TaskArms } from './task-arms.ts';

/** A task as the data plane knows it: what the store has of it, and what has been seen since. */
export interface TrackedTask {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly prompts: PromptTracker;
  readonly arms: TaskArms;
  /** What the store has of it now; `undefined` while it is not registered, or the store has not answered yet. */
  readonly snapshot: () => TaskSnapshot | undefined;
  /** Has the task or its changed baseline stored, without anyone waiting for it, unless it is held back. */
  readonly keep: () => void;
  /** Holds the task back from the store until it is clear that it is one. */
  readonly hold: () => void;
  readonly release: () => void;
}

/** Where the newest plans are read from: memory, never the database. */
export interface SnapshotSource {
  readonly get: (taskId: string) => TaskSnapshot | undefined;
  /** Every task there is. Read when a scope is seen for the first time, and before an automatic task is made. */
  readonly all: () => Iterable<TaskSnapshot>;
}

/** What tracking needs. */
export interface TrackingDeps {
  readonly snapshots: SnapshotSource;
  readonly store: Pick<PlanStore, 'registerTask' | 'saveBaseline'>;
  readonly configOf: (taskName: string) => TaskConfig;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a task is known by from its first request. */
export interface TaskStart extends Pick<TrackedTask, 'id' | 'name' | 'scope'> {
  readonly baseline: Baseline;
}

/** Tracks a task that the store knows, or will know. */
export function trackTask(start: TaskStart, aligner: Aligner, deps: TrackingDeps): TrackedTask {
  const { id, name, scope } = start;
  const prompts = createPromptTracker(start.baseline, aligner);
  const arms = createTaskArms();
  const writing = createQuietWrite(deps, 'task-not-stored');

  const register = async (): Promise<void> => {
    const baseline = prompts.baseline();
    const stored = await deps.store.registerTask({
      id,
      name,
      scope,
      baseline,
      config: deps.configOf(name),
      createdAtMs: deps.clock.now(),
    });
    prompts.markSaved(baseline);
    prompts.follow(stored.baseline);
  };
  const save = async (): Promise<void> => {
    const baseline = prompts.baseline();
    await deps.store.saveBaseline(id, baseline);
    prompts.markSaved(baseline);
  };

  let isRegistered = false;
  let isHeld = false;
  return {
    id,
    name,
    scope,
    prompts,
    arms,
    snapshot: () => {
      const snapshot = deps.snapshots.get(id);
      if (snapshot === undefined) return undefined;
      isRegistered = true;
      prompts.follow(snapshot.task.baseline);
      arms.follow(snapshot);
      return snapshot;
    },
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
    },
    keep: () => {
      if (isHeld) return;
      if (!isRegistered)
        writing.attempt(async () => {
          await register();
          isRegistered = true;
        });
      else if (prompts.isUnsaved()) writing.attempt(save);
    },
  };
}
