import type { Config } from '../configuration/config.ts';
import type { Logger } from '../domain/logger.ts';
import type { TaskConfig } from '../domain/task.ts';
import { startLoop, type Loop } from '../runtime/loop.ts';
import type { SnapshotCache } from '../store/cached/snapshot-cache.ts';
import type { Store } from '../store/store.ts';
import { applyTaskConfigs } from './apply-task-configs.ts';
import type { DataPlane } from './data-plane.ts';
import type { StoreThread } from './store-thread.ts';

/** What waits for the database. */
export interface StoreOpening {
  /** Resolves when it is open, the newest plans are known and requests are routed. Never rejects. */
  readonly opened: Promise<void>;
  readonly isOpened: () => boolean;
  readonly stop: Loop['stop'];
}

export interface StoreOpeningDeps {
  readonly thread: Pick<StoreThread, 'store' | 'onOpened'>;
  readonly snapshots: Pick<SnapshotCache, 'all' | 'reload'>;
  readonly plane: Pick<DataPlane, 'useSecret'>;
  readonly configOf: (taskName: string) => TaskConfig;
  readonly logger: Logger;
}

/** Pause between attempts, and the longest one, milliseconds. */
const retryMs = 200;
const retryMsMax = 5_000;

/**
 * Waits for the database however long it takes, then gives tasks their configuration of today, loads the plans and lets
 * requests be routed. A secret that is configured needs no database, so then requests are routed at once. All of it is
 * done again whenever the database has been opened anew, since it may be another one: then that is told which tasks
 * there are, and serves with the agents' own prompts until it has learned something.
 */
export function openStore(
  { secret }: Pick<Config, 'secret'>,
  { thread, snapshots, plane, configOf, logger }: StoreOpeningDeps,
): StoreOpening {
  const { store } = thread;
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  let isDue = false;
  let isOpened = false;
  let signing = secret ?? undefined;
  if (secret !== null) plane.useSecret(secret);
  const open = async (): Promise<void> => {
    await registerMissing(store, snapshots);
    await applyTaskConfigs(store, configOf);
    await snapshots.reload();
    signing = secret ?? (await store.readSecret(signing));
    plane.useSecret(signing);
  };
  const loop = startLoop(
    async () => {
      if (!isDue) return;
      isDue = false;
      try {
        await open();
      } catch (error) {
        isDue = true;
        throw error;
      }
      if (isOpened) return;
      isOpened = true;
      logger.info('ready');
      resolve();
    },
    { name: 'database-opening', intervalMs: retryMs, backoffMsMax: retryMsMax, logger },
  );
  thread.onOpened(() => {
    isDue = true;
    loop.wake();
  });
  return { opened, isOpened: () => isOpened, stop: loop.stop };
}

async function registerMissing(
  store: Pick<Store, 'readSnapshot' | 'registerTask'>,
  snapshots: Pick<SnapshotCache, 'all'>,
): Promise<void> {
  const known = [...snapshots.all()];
  if (known.length === 0) return;
  const { tasks, unreadable = [] } = await store.readSnapshot(0);
  const stored = new Set([...tasks.map(({ task }) => task.id), ...unreadable]);
  for (const { task } of known) if (!stored.has(task.id)) await store.registerTask(task);
}
