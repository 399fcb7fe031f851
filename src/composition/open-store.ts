import type { Config } from '../configuration/config.ts';
import type { Logger } from '../domain/logger.ts';
import type { TaskConfig } from '../domain/task.ts';
import { startLoop, type Loop } from '../runtime/loop.ts';
import type { SnapshotCache } from '../store/cached/snapshot-cache.ts';
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
  readonly thread: StoreThread;
  readonly snapshots: Pick<SnapshotCache, 'refresh'>;
  readonly plane: Pick<DataPlane, 'useSecret'>;
  readonly configOf: (taskName: string) => TaskConfig;
  readonly logger: Logger;
}

/** Pause between attempts, and the longest one, milliseconds. */
const retryMs = 200;
const retryMsMax = 5_000;

/**
 * Waits for the database however long it takes, then gives tasks their configuration of today, loads the plans and lets
 * requests be routed. A secret that is configured needs no database, so then requests are routed at once.
 */
export function openStore(
  { secret }: Pick<Config, 'secret'>,
  { thread, snapshots, plane, configOf, logger }: StoreOpeningDeps,
): StoreOpening {
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  let isThreadOpen = false;
  let isOpened = false;
  if (secret !== null) plane.useSecret(secret);
  const loop = startLoop(
    async () => {
      if (!isThreadOpen || isOpened) return;
      const { store } = thread;
      await applyTaskConfigs(store, configOf);
      await snapshots.refresh();
      plane.useSecret(secret ?? (await store.readSecret()));
      isOpened = true;
      logger.info('ready');
      resolve();
      void loop.stop();
    },
    { name: 'database-opening', intervalMs: retryMs, backoffMsMax: retryMsMax, logger },
  );
  thread.onOpened(() => {
    isThreadOpen = true;
    loop.wake();
  });
  return { opened, isOpened: () => isOpened, stop: loop.stop };
}
