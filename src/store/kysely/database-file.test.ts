import Database from 'better-sqlite3';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeFold } from '../fake-fold.case.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../samples.case.ts';
import { openSqliteFile, type SqliteStore } from './sqlite-store.ts';

let folder = '';
let path = '';
const unavailable = { code: 'store_unavailable', isRetryable: true };
const open = (): Promise<SqliteStore> =>
  openSqliteFile({
    path,
    fold: fakeFold,
    clock: { now: () => startMs },
    random: { next: () => 0.5 },
    mode: 'writer',
  });
const removeJournals = (): void => {
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix);
};

/** Opens a database in which feedback about this many decisions has been counted. */
async function openWith(feedbacks: number): Promise<SqliteStore> {
  const opened = await open();
  await opened.store.registerTask(sampleTask());
  for (let index = 0; index < feedbacks; index++)
    await opened.store.recordFeedback([sampleFeedback(sampleDecision(`d${index}`), { value: 1 })]);
  return opened;
}

const feedbacksIn = async ({ store }: SqliteStore): Promise<number | undefined> =>
  (await store.readTask('triage'))?.bandit.feedbacks;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-file-'));
  path = join(folder, 'data', 'ratchet.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the file of an open database', () => {
  it('is in place, and closes in good order', async () => {
    const opened = await openWith(3);
    expect(opened.file.fate()).toBe('in-place');
    await opened.file.settle();
    expect(readdirSync(join(folder, 'data'))).toEqual(['ratchet.db']);
    const again = await open();
    expect(await feedbacksIn(again)).toBe(3);
    await again.store.close();
  });

  it.each([
    ['alone', () => rmSync(path)],
    ['with its journals', () => [rmSync(path), removeJournals()]],
    ['with its folder', () => rmSync(join(folder, 'data'), { recursive: true })],
  ])(
    'that is removed %s acknowledges nothing, and is written anew with all that it had',
    async (_, remove) => {
      const opened = await openWith(3);
      remove();
      expect(opened.file.fate()).toBe('gone');
      const late = sampleFeedback(sampleDecision('late'), { value: 1 });
      await expect(opened.store.recordFeedback([late])).rejects.toMatchObject(unavailable);
      await opened.file.settle();
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readdirSync(join(folder, 'data'))).toEqual(['ratchet.db']);
      const again = await open();
      // What was refused may have been committed nevertheless; sent again it counts once.
      await again.store.recordFeedback([late]);
      expect(await feedbacksIn(again)).toBe(4);
      await again.store.close();
    },
  );

  it('that is replaced leaves its log to nobody', async () => {
    const other = await openWith(1);
    await other.store.close();
    renameSync(path, join(folder, 'backup.db'));
    const opened = await openWith(5);
    renameSync(join(folder, 'backup.db'), path);
    expect(opened.file.fate()).toBe('replaced');
    await expect(
      opened.store.recordFeedback([sampleFeedback(sampleDecision('late'), { value: 1 })]),
    ).rejects.toMatchObject(unavailable);
    await opened.file.settle();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const again = await open();
    expect(await feedbacksIn(again)).toBe(1);
    await again.store.close();
    const database = new Database(path, { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  });

  it('whose log is removed takes in first what only the log had', async () => {
    const opened = await openWith(4);
    removeJournals();
    expect(opened.file.fate()).toBe('journal-gone');
    await opened.file.settle();
    const again = await open();
    expect(await feedbacksIn(again)).toBe(4);
    await again.store.close();
  });

  it('that cannot be written anew stays open, and can be later', async () => {
    const opened = await openWith(2);
    rmSync(join(folder, 'data'), { recursive: true });
    const obstacle = new Database(join(folder, 'data'));
    obstacle.exec('create table t (x)');
    obstacle.close();
    await expect(opened.file.settle()).rejects.toMatchObject(unavailable);
    rmSync(join(folder, 'data'));
    await opened.file.settle();
    const again = await open();
    expect(await feedbacksIn(again)).toBe(2);
    await again.store.close();
  });

  it('yields to one that comes to its place while it is written anew', async () => {
    const opened = await openWith(2);
    rmSync(path);
    removeJournals();
    const settled = opened.file.settle();
    const other = new Database(path);
    other.exec('create table theirs (x)');
    other.close();
    await settled;
    const found = new Database(path, { readonly: true });
    expect(found.prepare('select name from sqlite_master').pluck().all()).toEqual(['theirs']);
    found.close();
    expect(readdirSync(join(folder, 'data')).filter((name) => name.includes('restored'))).toEqual([]);
  });
});
