import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeFold } from '../fake-fold.case.ts';
import { sampleDecision, sampleFeedback, sampleTask, startMs } from '../samples.case.ts';
import type { Store } from '../store.ts';
import { backUpDatabase } from './back-up.ts';
import { openSqliteStore } from './sqlite-store.ts';

let folder = '';
let path = '';
let copy = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-backup-'));
  path = join(folder, 'ratchet.db');
  copy = join(folder, 'copy.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (file: string): Promise<Store> =>
  openSqliteStore({
    path: file,
    fold: fakeFold,
    clock: { now: () => startMs },
    random: { next: () => 0.5 },
    mode: 'writer',
  });
const unavailable = { code: 'store_unavailable' };

test('a database in use is copied as it is at one moment, log and secret included, for its owner only', async () => {
  const store = await open(path);
  await store.registerTask(sampleTask());
  await store.recordDecisions([sampleDecision('d1'), sampleDecision('d2')]);
  await store.recordFeedback([sampleFeedback('chatcmpl-d1', { value: 1 })]);
  const secret = await store.readSecret();
  const before = await store.readSnapshot(0);
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  expect(backUpDatabase(path, copy)).toBe(statSync(copy).size);
  await store.recordFeedback([sampleFeedback('chatcmpl-d2', { value: 0 })]);
  await store.close();

  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
  const copied = await open(copy);
  expect(await copied.readSnapshot(0)).toEqual(before);
  expect(await copied.readSecret()).toBe(secret);
  expect((await copied.readTask('triage'))?.bandit.feedbacks).toBe(1);
  await copied.close();
});

test('a file that has the name is left alone', async () => {
  await (await open(path)).close();
  writeFileSync(copy, 'mine');
  expect(() => backUpDatabase(path, copy)).toThrow(expect.objectContaining(unavailable));
  expect(statSync(copy).size).toBe(4);
});

test('what cannot be copied whole leaves no copy', async () => {
  expect(() => backUpDatabase(join(folder, 'none.db'), copy)).toThrow(expect.objectContaining(unavailable));
  writeFileSync(
    path,
    'no database at all, but long enough to be looked at as if it were one, perhaps. '.repeat(60),
  );
  expect(() => backUpDatabase(path, copy)).toThrow(expect.objectContaining(unavailable));
  expect(() => backUpDatabase(path, join(folder, 'nowhere', 'copy.db'))).toThrow(
    expect.objectContaining(unavailable),
  );
  expect(existsSync(copy)).toBe(false);
  expect(readdirSync(folder)).toEqual(['ratchet.db']);
});
