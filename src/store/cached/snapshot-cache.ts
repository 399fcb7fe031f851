import type { PlanStore, Snapshot, TaskSnapshot } from '../plan-store.ts';

export interface SnapshotCacheSettings {
  /** Pause between two looks at the store, and between two that notices cause, milliseconds; default 100. */
  readonly intervalMs?: number;
  /** Pause between two looks of its own accord where it is told of changes, milliseconds; default 500. */
  readonly relyingIntervalMs?: number;
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
  /** As `refresh`, but looks at everything anew, since another store may be behind it: what that does not know goes. */
  readonly reload: () => Promise<void>;
  /** Something has changed: looks at once, or shortly after the last notice. */
  readonly notice: () => void;
  /**
   * Whether it is told of changes from now on, as far as anybody knows. Looks at once, since one may have been missed;
   * where telling begins, at everything anew: the server may have been replaced by a copy that has been written to since.
   */
  readonly relyOnNotices: (isRelying: boolean) => void;
  readonly stop: () => void;
}

/**
 * Keeps the snapshot that the data plane serves from: polls for tasks that changed, and answers from memory, also while
 * the store is down. Where it is told of changes it looks when they come, and seldom otherwise, should a notice be lost.
 * A task that exists but cannot be read stays as it is known. Looks never overlap. Nothing is known until the first look,
 * which starts at once.
 */
export function createSnapshotCache(
  store: Pick<PlanStore, 'readSnapshot'>,
  {
    intervalMs = 100,
    relyingIntervalMs = 500,
    onError = nothing,
    onChange = nothing,
  }: SnapshotCacheSettings = {},
): SnapshotCache {
  const tasks = new Map<string, TaskSnapshot>();
  let revision = 0;
  let isReloadDue = true;
  let isStopped = false;
  let isRelying = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const isReload = isReloadDue;
    isReloadDue = false;
    try {
      const snapshot = await store.readSnapshot(isReload ? 0 : revision);
      // A store that is behind what is known here is another one, or an older copy.
      if (snapshot.revision < revision && !isReload) isReloadDue = true;
      else {
        if (isReload) forget(tasks, snapshot);
        for (const task of snapshot.tasks) tasks.set(task.task.id, task);
        revision = snapshot.revision;
        if (snapshot.tasks.length > 0) onChange(snapshot.tasks);
      }
    } catch (error) {
      isReloadDue ||= isReload;
      throw error;
    }
    if (isReloadDue) await look();
  };
  const refresh = oneAtATime(look);
  const poll = async (): Promise<void> => {
    await refresh().catch(onError);
    if (isStopped) return;
    timer = setTimeout(() => void poll(), isRelying ? relyingIntervalMs : intervalMs);
    timer.unref();
  };
  void poll();
  const noticed = paced(() => void refresh().catch(onError), intervalMs);

  return {
    get: (taskId) => tasks.get(taskId),
    all: () => tasks.values(),
    revision: () => revision,
    refresh,
    reload: async () => {
      isReloadDue = true;
      return refresh();
    },
    notice: noticed.call,
    relyOnNotices: (isTold) => {
      isRelying = isTold;
      isReloadDue ||= isTold;
      noticed.call();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      noticed.stop();
    },
  };
}

/** Runs work so that it never overlaps, and so that each caller waits for a run that began after the call. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    running = work();
    try {
      await running;
    } finally {
      running = undefined;
    }
  };
  const runAfter = async (earlier: Promise<void>): Promise<void> => {
    await earlier.catch(nothing);
    next = undefined;
    await run();
  };
  return async () => {
    if (running === undefined) return run();
    next ??= runAfter(running);
    return next;
  };
}

/** Work that is done when it is called for, but `intervalMs` apart: calls that come sooner are one, a little later. */
function paced(
  work: () => void,
  intervalMs: number,
): { readonly call: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isStopped = false;
  const doWork = (): void => {
    timer = undefined;
    lastMs = performance.now();
    work();
  };
  return {
    call: () => {
      if (isStopped) return;
      timer ??= setTimeout(doWork, Math.max(0, lastMs + intervalMs - performance.now())).unref();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Forgets what a whole snapshot does not know. */
function forget(tasks: Map<string, TaskSnapshot>, { tasks: known, unreadable = [] }: Snapshot): void {
  const kept = new Set([...known.map(({ task }) => task.id), ...unreadable]);
  for (const id of tasks.keys()) if (!kept.has(id)) tasks.delete(id);
}

function nothing(): void {}
