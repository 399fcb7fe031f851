import Database from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Feedback } from '../../domain/feedback.ts';
import { fakeFold } from '../fake-fold.case.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../samples.case.ts';
import type { Store } from '../store.ts';
import type { DamagedRow } from './damage.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** The database file of a test, and what can be done to it. */
export interface SpoiledDatabase {
  readonly path: () => string;
  /** What the store has told of damage in this test. */
  readonly damaged: DamagedRow[];
  readonly open: () => Promise<Store>;
  /** Opens a store with three tasks, of which `reply` is to be damaged. */
  readonly openThree: () => Promise<Store>;
  /** Changes rows behind the store's back, as a failing disk or a hasty hand would. */
  readonly spoil: (sql: string, ...values: readonly unknown[]) => void;
  /** Fills a leaf page in the midst of a table or an index with rubbish, and returns the tasks that were on it. */
  readonly spoilPageOf: (name: string) => readonly string[];
}

/** Gives each test of the file that calls it a database file of its own. */
export function useSpoiledDatabase(): SpoiledDatabase {
  let folder = '';
  const damaged: DamagedRow[] = [];
  const path = (): string => join(folder, 'ratchet.db');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ratchet-damage-'));
    damaged.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (): Promise<Store> =>
    openSqliteStore({
      path: path(),
      fold: fakeFold,
      clock: { now: () => startMs },
      random: { next: () => 0.5 },
      mode: 'writer',
      onDamage: (row) => void damaged.push(row),
    });
  return {
    path,
    damaged,
    open,
    openThree: async () => {
      const store = await open();
      for (const id of ['triage', 'reply', 'route']) await store.registerTask(sampleTask({ id }));
      return store;
    },
    spoil: (sql, ...values) => {
      const database = new Database(path());
      const { changes } = database.prepare(sql).run(...values);
      expect(changes).toBeGreaterThan(0);
      database.close();
    },
    spoilPageOf: (name) => spoilPage(path(), name),
  };
}

export const namesIn = async (store: Store): Promise<readonly string[]> =>
  (await store.readSnapshot(0)).tasks.map(({ task }) => task.id);

/** Feedback about a decision for a task. */
export const feedbackFor = (taskId: string, id: string = `d-${taskId}`): Feedback =>
  sampleFeedback(sampleDecision(id, { taskId }), { value: 1 });

function spoilPage(path: string, name: string): readonly string[] {
  const database = new Database(path);
  database.pragma('wal_checkpoint(truncate)');
  const pageSize = Number(database.pragma('page_size', { simple: true }));
  const leaves = database
    .prepare("select pageno from dbstat where name = ? and pagetype = 'leaf' order by path")
    .pluck()
    .all(name)
    .map(Number);
  const ids = database.prepare('select id from tasks').pluck().all().map(String);
  database.close();
  expect(leaves.length).toBeGreaterThan(2);
  const start = ((leaves[Math.floor(leaves.length / 2)] ?? 0) - 1) * pageSize;
  const bytes = readFileSync(path);
  const text = bytes.subarray(start, start + pageSize).toString('latin1');
  bytes.fill(0xa5, start, start + pageSize);
  writeFileSync(path, bytes);
  return ids.filter((id) => text.includes(`${id}{`));
}
