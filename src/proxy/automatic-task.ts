import type { Difference } from '../domain/compare-skeletons.ts';
import type { SlotValues } from '../domain/skeleton.ts';
import type { TrackedTask } from './tracked-task.ts';

/** A task that was found from the prompt itself, and when its prompt came. */
export interface AutomaticTask {
  readonly task: TrackedTask;
  /**
   * Whether it was founded by a prompt that shares its frame with another task's. It may turn out to be that task's own,
   * so it is not stored until its prompt begins a second conversation.
   */
  isStray: boolean;
  /** Conversations that its prompt has begun, as far as they were seen here. */
  sightings: number;
  readonly firstSeenMs: number;
  lastSeenMs: number;
  /** A task of which this one may be the next version: its prompt is much the same, and came first. */
  readonly predecessor: AutomaticTask | null;
}

/** A task that a prompt resembles, and how the prompt differs. */
export interface Kin {
  readonly of: AutomaticTask;
  readonly difference: Difference;
}

/** A prompt's task; `slots` are `null` where the prompt is no instance of its baseline. */
export interface AutomaticMatch {
  readonly of: AutomaticTask;
  readonly slots: SlotValues | null;
}
