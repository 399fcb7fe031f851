import type { PlanStore, TaskSnapshot } from '../plan-store.ts';

export interface SnapshotCacheSettings {
  /** Pause between two looks at the store, milliseconds; default 100. */
  readonly intervalMs?: number;
  /** Told of a look that failed; the last known snapshot stays. */
  readonly onError?: (error: unknown) => void;
  /** Told of tasks that are new or have changed. */
  readonly onChange?: (changed: readonly TaskSnapshot[]) => void;
}

/** The newest plans, in memory. */
export interface SnapshotCache {
  readonly get: (taskId: string) => TaskSnapshot | undefined;
  /** Every task that is known. */
  readonly all: () => IterableIterator<TaskSnapshot>;
  /** Revision of what is known; 0 before the first answer of the store. */
  readonly revision: () => number;
  /**
   * Looks at once, and resolves when everything stored before the call is known here. Rejects if the store cannot be
   * asked; what is known stays.
   */
  readonly refresh: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Keeps the snapshot that the data plane serves from: polls for tasks that changed, and answers from memory, also while
 * the store is down. Looks never overlap. Nothing is known until the first look, which starts at once.
 */
export function createSnapshotCache(
  store: Pick<PlanStore, 'readSnapshot'>,
  { intervalMs = 100, onError = nothing, onChange = nothing }: SnapshotCacheSettings = {},
): SnapshotCache {
  const tasks = new Map<string, TaskSnapshot>();
  let revision = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let lookingNext: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    const snapshot = await store.readSnapshot(revision);
    for (const task of snapshot.tasks) tasks.set(task.task.id, task);
    revision = snapshot.revision;
    if (snapshot.tasks.length > 0) onChange(snapshot.tasks);
  };
  const lookOnce = async (): Promise<void> => {
    looking = look();
    try {
      await looking;
    } finally {
      looking = undefined;
    }
  };
  const lookAfter = async (earlier: Promise<void>): Promise<void> => {
    await earlier.catch(nothing);
    lookingNext = undefined;
    await lookOnce();
  };
  const refresh = async (): Promise<void> => {
    if (looking === undefined) return lookOnce();
    // A look under way may have begun before what the caller wants to see was stored.
    lookingNext ??= lookAfter(looking);
    return lookingNext;
  };
  const poll = async (): Promise<void> => {
    await refresh().catch(onError);
    if (isStopped) return;
    timer = setTimeout(() => void poll(), intervalMs);
    timer.unref();
  };
  void poll();

  return {
    get: (taskId) => tasks.get(taskId),
    all: () => tasks.values(),
    revision: () => revision,
    refresh,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function nothing(): void {}
