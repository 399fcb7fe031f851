import { expect, test } from 'vitest';
import { silentLogger } from '../domain/logger.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { createSnapshotCache } from '../store/cached/snapshot-cache.ts';
import { fakeFold } from '../store/fake-fold.case.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { sampleTask, startMs } from '../store/samples.case.ts';
import type { Store } from '../store/store.ts';
import { openStore, type StoreOpening } from './open-store.ts';
import { createReplaceableStore } from './replaceable-store.ts';

const memoryStore = (seed: number): Store =>
  createMemoryStore({ fold: fakeFold, clock: { now: () => startMs }, random: { next: () => seed } });

/** An opening whose store can be replaced, with all secrets that were used. */
function start(secret: string | null = null) {
  const replaceable = createReplaceableStore();
  const listeners: (() => void)[] = [];
  const secrets: string[] = [];
  const snapshots = createSnapshotCache(replaceable.store, { intervalMs: 1_000_000 });
  const opening: StoreOpening = openStore(
    { secret },
    {
      thread: { store: replaceable.store, onOpened: (listener) => void listeners.push(listener) },
      snapshots,
      plane: { useSecret: (used) => void secrets.push(used) },
      configOf: () => defaultTaskConfig,
      logger: silentLogger,
    },
  );
  return {
    opening,
    snapshots,
    secrets,
    open: async (store: Store) => {
      replaceable.use(store);
      const before = secrets.length;
      for (const listener of listeners) listener();
      while (secrets.length === before) await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

test('a database that is replaced by an empty one gets the tasks that are known, and the secret in use', async () => {
  const { opening, snapshots, secrets, open } = start();
  const first = memoryStore(0.5);
  await first.registerTask(sampleTask());
  await open(first);
  await opening.opened;
  const second = memoryStore(0.25);
  await open(second);
  expect((await second.readTask('triage'))?.plan.version).toBe(1);
  expect(snapshots.get('triage')).toBeDefined();
  expect(new Set(secrets).size).toBe(1);
  expect(await second.readSecret()).toBe(secrets[0]);
  await opening.stop();
  snapshots.stop();
});

test('a database that is replaced by another one is served from, with its secret', async () => {
  const { opening, snapshots, secrets, open } = start();
  await open(memoryStore(0.5));
  const second = memoryStore(0.25);
  await second.registerTask(sampleTask());
  const secret = await second.readSecret();
  await open(second);
  expect(snapshots.get('triage')).toBeDefined();
  expect(secrets.at(-1)).toBe(secret);
  expect(new Set(secrets).size).toBe(2);
  await opening.stop();
  snapshots.stop();
});

test('a secret that is configured is used before any database is open, and stays', async () => {
  const { opening, snapshots, secrets, open } = start('configured');
  expect(secrets).toEqual(['configured']);
  expect(opening.isOpened()).toBe(false);
  await open(memoryStore(0.5));
  expect(new Set(secrets)).toEqual(new Set(['configured']));
  await opening.stop();
  snapshots.stop();
});
