import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { fakeFold } from '../fake-fold.case.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import type { Snapshot } from '../plan-store.ts';
import { sampleTask, startMs } from '../samples.case.ts';
import { createSnapshotCache } from './snapshot-cache.ts';

const memoryStore = () =>
  createMemoryStore({ fold: fakeFold, clock: { now: () => startMs }, random: { next: () => 0.5 } });
const newer = { ...sampleTask().baseline, stableFor: 9 };

describe('createSnapshotCache', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('knows a change of the store within the interval, and tells of it once', async () => {
    const store = memoryStore();
    await store.registerTask(sampleTask());
    const changes: string[][] = [];
    const cache = createSnapshotCache(store, {
      onChange: (changed) => void changes.push(changed.map(({ task }) => task.id)),
    });
    expect(cache.get('triage')).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.get('triage')?.plan.version).toBe(1);
    await store.saveBaseline('triage', newer);
    await store.registerTask(sampleTask({ id: 'reply' }));
    await vi.advanceTimersByTimeAsync(100);
    expect(cache.get('triage')?.task.baseline).toEqual(newer);
    expect([...cache.all()].map(({ task }) => task.id)).toEqual(['triage', 'reply']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(changes).toEqual([['triage'], ['triage', 'reply']]);
    cache.stop();
  });

  it('looks at once when it is told of a change, and seldom by itself as long as it is told', async () => {
    const store = memoryStore();
    await store.registerTask(sampleTask());
    let looks = 0;
    const cache = createSnapshotCache({
      readSnapshot: async (revision) => {
        looks += 1;
        return store.readSnapshot(revision);
      },
    });
    cache.relyOnNotices(true);
    await vi.advanceTimersByTimeAsync(150);
    await store.saveBaseline('triage', newer);
    cache.notice();
    await vi.advanceTimersByTimeAsync(1);
    expect(cache.get('triage')?.task.baseline).toEqual(newer);
    const before = looks;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(looks - before).toBe(10);
    cache.relyOnNotices(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(looks - before).toBeGreaterThan(15);
    cache.stop();
  });

  it('serves what a copy knows that took the place of the store and has gone on since', async () => {
    const [first, copy] = [memoryStore(), memoryStore()];
    let store = first;
    const cache = createSnapshotCache({ readSnapshot: async (revision) => store.readSnapshot(revision) });
    await first.registerTask(sampleTask());
    await copy.registerTask(sampleTask());
    await first.saveBaseline('triage', newer);
    cache.relyOnNotices(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(cache.get('triage')?.task.baseline).toEqual(newer);
    for (const id of ['reply', 'route', 'sort']) await copy.registerTask(sampleTask({ id }));
    cache.relyOnNotices(false);
    store = copy;
    cache.relyOnNotices(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(cache.get('triage')?.task.baseline).toEqual(sampleTask().baseline);
    expect(cache.revision()).toBe((await copy.readSnapshot(0)).revision);
    cache.stop();
  });

  it('learns of a change within half a second when the notice of it is lost', async () => {
    const store = memoryStore();
    await store.registerTask(sampleTask());
    const cache = createSnapshotCache(store);
    cache.relyOnNotices(true);
    await vi.advanceTimersByTimeAsync(1_000);
    await store.saveBaseline('triage', newer);
    await vi.advanceTimersByTimeAsync(501);
    expect(cache.get('triage')?.task.baseline).toEqual(newer);
    cache.stop();
  });

  it('looks no more often than without notices, however many come, and knows what the last one is about', async () => {
    const store = memoryStore();
    await store.registerTask(sampleTask());
    let looks = 0;
    const cache = createSnapshotCache(
      {
        readSnapshot: async (revision) => {
          looks += 1;
          return store.readSnapshot(revision);
        },
      },
      { relyingIntervalMs: 1_000_000 },
    );
    cache.relyOnNotices(true);
    for (let noticed = 0; noticed < 1_000; noticed += 1) {
      cache.notice();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(looks).toBeLessThan(15);
    await store.saveBaseline('triage', newer);
    cache.notice();
    await vi.advanceTimersByTimeAsync(100);
    expect(cache.get('triage')?.task.baseline).toEqual(newer);
    cache.stop();
    cache.notice();
    const before = looks;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(looks).toBe(before);
  });

  it('serves what it knows while the store is down, and goes on when it is back', async () => {
    const store = memoryStore();
    await store.registerTask(sampleTask());
    let isDown = false;
    const failure = new RatchetError('store_unavailable', 'gone', { isRetryable: true });
    const errors: unknown[] = [];
    const cache = createSnapshotCache(
      { readSnapshot: async (revision) => (isDown ? Promise.reject(failure) : store.readSnapshot(revision)) },
      { onError: (error) => void errors.push(error) },
    );
    await vi.advanceTimersByTimeAsync(0);
    isDown = true;
    await store.saveBaseline('triage', newer);
    await vi.advanceTimersByTimeAsync(300);
    expect(errors).toEqual([failure, failure, failure]);
    expect(cache.get('triage')?.task.baseline.stableFor).toBe(1);
    await expect(cache.refresh()).rejects.toBe(failure);
    isDown = false;
    await vi.advanceTimersByTimeAsync(100);
    expect(cache.get('triage')?.task.baseline.stableFor).toBe(9);
    cache.stop();
  });

  it('refreshes to what was stored before the call, also while it is looking already', async () => {
    const answers: ((snapshot: Snapshot) => void)[] = [];
    let underWay = 0;
    const cache = createSnapshotCache({
      readSnapshot: async () => {
        underWay += 1;
        expect(underWay).toBe(1);
        const snapshot = await new Promise<Snapshot>((resolve) => void answers.push(resolve));
        underWay -= 1;
        return snapshot;
      },
    });
    expect(answers).toHaveLength(1);
    const [one, two] = [cache.refresh(), cache.refresh()];
    answers[0]?.({ revision: 1, tasks: [] });
    await vi.advanceTimersByTimeAsync(0);
    expect(answers).toHaveLength(2);
    answers[1]?.({ revision: 2, tasks: [] });
    await Promise.all([one, two]);
    expect(cache.revision()).toBe(2);
    cache.stop();
  });

  it('knows what another store knows, and no more, once it is told to look anew', async () => {
    const [one, other] = [memoryStore(), memoryStore()];
    for (const id of ['triage', 'reply', 'damaged']) await one.registerTask(sampleTask({ id }));
    await one.saveBaseline('triage', newer);
    await other.registerTask(sampleTask());
    let store = one;
    const cache = createSnapshotCache({
      readSnapshot: async (revision) => ({
        ...(await store.readSnapshot(revision)),
        unreadable: ['damaged'],
      }),
    });
    await vi.advanceTimersByTimeAsync(0);
    store = other;
    await cache.reload();
    expect([...cache.all()].map(({ task }) => task.id).toSorted()).toEqual(['damaged', 'triage']);
    expect(cache.get('triage')?.task.baseline.stableFor).toBe(1);
    await other.registerTask(sampleTask({ id: 'later' }));
    await vi.advanceTimersByTimeAsync(100);
    expect(cache.get('later')).toBeDefined();
    cache.stop();
  });

  it('looks anew when the store is behind what is known, and again when that fails', async () => {
    const [one, other] = [memoryStore(), memoryStore()];
    await one.registerTask(sampleTask());
    await one.saveBaseline('triage', newer);
    await other.registerTask(sampleTask({ id: 'reply' }));
    let read = one.readSnapshot;
    const cache = createSnapshotCache({ readSnapshot: async (revision) => read(revision) });
    await vi.advanceTimersByTimeAsync(0);
    read = async (revision) => {
      if (revision > 0) return other.readSnapshot(revision);
      throw new Error('not now');
    };
    await expect(cache.refresh()).rejects.toThrow('not now');
    expect(cache.get('triage')).toBeDefined();
    read = other.readSnapshot;
    await cache.refresh();
    expect([...cache.all()].map(({ task }) => task.id)).toEqual(['reply']);
    cache.stop();
  });

  it('asks no more after it was stopped', async () => {
    let asked = 0;
    const cache = createSnapshotCache({
      readSnapshot: async () => {
        asked += 1;
        return { revision: 1, tasks: [] };
      },
    });
    await vi.advanceTimersByTimeAsync(250);
    const before = asked;
    cache.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(before);
  });
});
