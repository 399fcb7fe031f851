import Database from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeFold } from '../fake-fold.case.ts';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleTask,
  sampleVariant,
  startMs,
} from '../samples.case.ts';
import type { Store } from '../store.ts';
import type { DamagedRow } from './damage.ts';
import { findDamage } from './find-damage.ts';
import { openSqliteStore } from './sqlite-store.ts';

let folder = '';
let path = '';
let damaged: DamagedRow[] = [];
const prompt = 'You are a secret prompt';
const open = (): Promise<Store> =>
  openSqliteStore({
    path,
    fold: fakeFold,
    clock: { now: () => startMs },
    random: { next: () => 0.5 },
    mode: 'writer',
    onDamage: (row) => void damaged.push(row),
  });

/** Changes rows behind the store's back, as a failing disk or a hasty hand would. */
function spoil(sql: string, ...values: readonly unknown[]): void {
  const database = new Database(path);
  const { changes } = database.prepare(sql).run(...values);
  expect(changes).toBeGreaterThan(0);
  database.close();
}

/** A store with three tasks, of which `reply` is to be damaged. */
async function openThree(): Promise<Store> {
  const store = await open();
  for (const id of ['triage', 'reply', 'route']) await store.registerTask(sampleTask({ id }));
  return store;
}

const namesIn = async (store: Store): Promise<readonly string[]> =>
  (await store.readSnapshot(0)).tasks.map(({ task }) => task.id);
const feedbackFor = (taskId: string, id = `d-${taskId}`) =>
  sampleFeedback(sampleDecision(id, { taskId }), { value: 1 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-damage-'));
  path = join(folder, 'ratchet.db');
  damaged = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a task that is damaged', () => {
  it.each([
    ['tasks', 'baseline', "update tasks set baseline = ? where id = 'reply'"],
    ['tasks', 'config', "update tasks set config = ? where id = 'reply'"],
    ['plans', 'plan', "update plans set plan = ? where task_id = 'reply'"],
    ['bandits', 'state', "update bandits set state = ? where task_id = 'reply'"],
    ['bandits', 'delays', "update bandits set delays_ms = ? where task_id = 'reply'"],
    ['bandits', 'retired', "update bandits set retired = ? where task_id = 'reply'"],
  ])('in table %s, %s, leaves the others as they are', async (table, _, sql) => {
    const store = await openThree();
    for (const text of [prompt, 'null', '{}', '', '{"arms":[{}]}'])
      if (!(text === '{}' && sql.includes('retired'))) {
        spoil(sql, text);
        const { tasks, unreadable } = await store.readSnapshot(0);
        expect(tasks.map(({ task }) => task.id)).toEqual(['triage', 'route']);
        expect(unreadable).toEqual(['reply']);
        expect(damaged.pop()).toEqual({ table, key: 'reply' });
      }
    await expect(store.readTask('reply')).rejects.toMatchObject({ code: 'store_damaged' });
    await expect(store.readTask('reply')).rejects.not.toThrow(prompt);
    expect(await store.registerTask(sampleTask({ id: 'reply' }))).toEqual(sampleTask({ id: 'reply' }));
    await store.saveTaskConfig('reply', sampleTask().config);
    expect(await store.recordFeedback([feedbackFor('triage')])).toMatchObject([{ outcome: 'counted' }]);
    await store.sweep(startMs);
    await store.close();
  });

  it('has lost its bandit or its plan', async () => {
    const store = await openThree();
    spoil("delete from bandits where task_id = 'reply'");
    spoil("delete from plans where task_id = 'route'");
    expect(await namesIn(store)).toEqual(['triage']);
    await store.close();
  });

  it('keeps the feedback that comes meanwhile, and counts it once it can be read again', async () => {
    const store = await openThree();
    await store.recordFeedback([feedbackFor('reply', 'before')]);
    const { state } = bandit('reply');
    spoil("update bandits set state = 'x' where task_id = 'reply'");
    const batch = [feedbackFor('reply', 'meanwhile'), feedbackFor('triage')];
    expect(await store.recordFeedback(batch)).toMatchObject([{ outcome: 'pending' }, { outcome: 'counted' }]);
    await store.recordDecisions([sampleDecision('meanwhile', { taskId: 'reply' })]);
    spoil("update bandits set state = ? where task_id = 'reply'", state);
    await store.sweep(startMs + 10_000);
    expect((await store.readTask('reply'))?.bandit.feedbacks).toBe(2);
    await store.recordFeedback(batch);
    await store.sweep(startMs + 20_000);
    expect((await store.readTask('reply'))?.bandit.feedbacks).toBe(2);
    await store.close();
  });
});

function bandit(taskId: string): { readonly state: string } {
  const database = new Database(path, { readonly: true });
  const state = String(database.prepare('select state from bandits where task_id = ?').pluck().get(taskId));
  database.close();
  return { state };
}

describe('a row that is damaged', () => {
  it('of a variant takes the task that serves it out of the snapshot, alone', async () => {
    const store = await openThree();
    await store.addCampaign(sampleCampaign('c1'));
    spoil('update variants set variant = ?', prompt);
    expect(await namesIn(store)).toEqual(['triage', 'reply', 'route']);
    expect(await store.readVariant('triage', sampleVariant().id)).toBeUndefined();
    await store.close();
  });

  it('of a decision leaves the other traces, and its feedback counts all the same', async () => {
    const store = await openThree();
    const decisions = ['d1', 'd2', 'd3'].map((id) => sampleDecision(id));
    await store.recordDecisions(decisions);
    spoil("update decisions set content = ? where decision_id = 'd1'", prompt);
    spoil("update decisions set details = ? where decision_id = 'd2'", prompt);
    const traces = await store.readTraces({ taskId: 'triage', order: 'oldest', limit: 9 });
    expect(traces.map(({ decision }) => decision.decisionId)).toEqual(['d3']);
    expect(damaged).toEqual([
      { table: 'decisions', key: 'd1' },
      { table: 'decisions', key: 'd2' },
    ]);
    const feedback = decisions.map((decision) => sampleFeedback(decision, { value: 1 }));
    expect(await store.recordFeedback(feedback)).toMatchObject(decisions.map(() => ({ outcome: 'counted' })));
    await store.close();
  });

  it('of a decision with an impossible propensity stops no others from being recorded', async () => {
    const store = await openThree();
    await store.recordDecisions([sampleDecision('d1')]);
    spoil('update decisions set propensity = 7');
    await store.recordDecisions([sampleDecision('d1'), sampleDecision('d2')]);
    expect(await store.readTraces({ taskId: 'triage', order: 'oldest', limit: 9 })).toHaveLength(1);
    await store.close();
  });

  it('of an episode counts no second time, and stops no window', async () => {
    const store = await openThree();
    const [one, two] = [sampleDecision('d1'), sampleDecision('d2')];
    await store.recordDecisions([one, two]);
    await store.recordFeedback([sampleFeedback(one, { value: 1 }), sampleFeedback(two, { value: 1 })]);
    spoil("update episodes set credit = ? where episode_id = 'd1'", prompt);
    await store.recordFeedback([sampleFeedback(one, { value: 0 }, { atMs: startMs + 2000 })]);
    await store.recordFeedback([sampleFeedback(one, { value: 1 }, { key: 'another' })]);
    expect((await store.readTask('triage'))?.bandit.arms['baseline']).toMatchObject({ N: 2, S: 2 });
    const report = await store.sweep(startMs + 3 * 86_400_000);
    expect(report.windowsClosed).toBe(2);
    expect((await store.sweep(startMs + 3 * 86_400_000)).windowsClosed).toBe(0);
    await store.close();
  });

  it('of a feedback can be corrected', async () => {
    const store = await openThree();
    const decision = sampleDecision('d1');
    await store.recordDecisions([decision]);
    await store.recordFeedback([sampleFeedback(decision, { value: 1 })]);
    spoil('update feedback set tags = ?, target_ref = ?', prompt, prompt);
    const changed = sampleFeedback(decision, { value: 0 }, { atMs: startMs + 5000 });
    expect(await store.recordFeedback([changed])).toMatchObject([{ outcome: 'replaced' }]);
    expect((await store.readTask('triage'))?.bandit.arms['baseline']).toMatchObject({ N: 1, S: 0 });
    await store.close();
  });

  it('of a campaign, a shadow run or an event leaves the others', async () => {
    const store = await openThree();
    for (const id of ['c1', 'c2']) await store.addCampaign(sampleCampaign(id));
    spoil("update campaigns set campaign = ? where id = 'c1'", prompt);
    expect((await store.readCampaigns('triage', 'open')).map(({ id }) => id)).toEqual(['c2']);
    expect(damaged).toEqual([{ table: 'campaigns', key: 'c1' }]);
    await expect(store.readCampaign('c1')).rejects.toMatchObject({ code: 'store_damaged' });
    await store.close();
  });

  it('of a histogram makes no evidence of what is left', async () => {
    const store = await openThree();
    await store.recordPairs([{ campaignId: 'c1', unitId: 'u1', differences: { primary: 0.5 } }]);
    spoil("update ledgers set count = 'many'");
    await expect(store.readLedger('c1')).rejects.toMatchObject({ code: 'store_damaged' });
    expect(await store.readLedger('c2')).toEqual({});
    await store.close();
  });
});

describe('a page that is damaged', () => {
  it('takes no more tasks than those that are on it', async () => {
    const store = await open();
    for (let index = 0; index < 300; index++) await store.registerTask(sampleTask({ id: `task-${index}` }));
    await store.close();
    const ids = spoilPageOf('bandits');
    const again = await open();
    const found = await namesIn(again);
    expect(found.length).toBeGreaterThan(250);
    expect(found.length).toBeLessThan(300);
    for (const id of ids) expect(found).not.toContain(id);
    // A row beside the page cannot always be written either, since pages lend one another room.
    const lost = again.recordFeedback([feedbackFor(ids[0] ?? '')]);
    const lostToo = expect(lost).rejects.toMatchObject({ code: 'store_unavailable', isRetryable: false });
    const counted = await Promise.all(
      found.map((id) =>
        again.recordFeedback([feedbackFor(id)]).then(
          () => 1,
          () => 0,
        ),
      ),
    );
    await lostToo;
    expect(counted.filter((count) => count === 1).length).toBeGreaterThan(150);
    await again.sweep(startMs);
    await again.close();
  });

  it('of decisions loses only those, and is no reason to try again for ever', async () => {
    const store = await open();
    await store.registerTask(sampleTask());
    const recorded = Array.from({ length: 6000 }, (_, index) =>
      sampleDecision(`d${index}`, { content: null, completionId: null }),
    );
    await store.recordDecisions(recorded);
    await store.close();
    spoilPageOf('sqlite_autoindex_decisions_1');
    const again = await open();
    const outcomes: boolean[] = [];
    for (let index = 0; index < 300; index++) {
      const id = index % 2 === 0 ? `a${index}` : `d${index}x`;
      const outcome = await again.recordDecisions([sampleDecision(id)]).then(
        () => undefined,
        (error: unknown) => error,
      );
      outcomes.push(outcome === undefined);
      if (outcome !== undefined)
        expect(outcome).toMatchObject({ code: 'store_unavailable', isRetryable: false });
    }
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
    expect(await again.recordFeedback([feedbackFor('triage', 'a-last')])).toMatchObject([
      { outcome: 'counted' },
    ]);
    await again.close();
  });
});

/** Fills a leaf page in the midst of a table or an index with rubbish, and returns the tasks that were on it. */
function spoilPageOf(name: string): readonly string[] {
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

describe('what doctor finds', () => {
  it('is nothing in a database that is whole', async () => {
    const store = await openThree();
    await store.recordDecisions([sampleDecision('d1', { content: null })]);
    await store.recordFeedback([feedbackFor('triage', 'd1')]);
    await store.close();
    expect(await findDamage(path, fakeFold)).toEqual({ file: [], rows: [] });
  });

  it('is every damaged row, by table and key', async () => {
    const store = await openThree();
    await store.addCampaign(sampleCampaign('c1'));
    await store.recordDecisions([sampleDecision('d1')]);
    await store.recordFeedback([sampleFeedback(sampleDecision('d1'), { value: 1 })]);
    await store.recordPairs([{ campaignId: 'c1', unitId: 'u1', differences: { primary: 0.5 } }]);
    await store.close();
    spoil("update bandits set state = ? where task_id = 'reply'", prompt);
    spoil("update plans set plan = '{}' where task_id = 'route'");
    spoil('update variants set variant = ?', prompt);
    spoil('update decisions set details = ?', prompt);
    spoil('update episodes set credit = ?', prompt);
    spoil('update feedback set tags = ?', prompt);
    spoil('update campaigns set campaign = ?', prompt);
    spoil("update ledgers set count = 'many'");
    const { file, rows } = await findDamage(path, fakeFold);
    expect(file).toEqual([]);
    expect(rows.map(({ table }) => table).toSorted()).toEqual([
      'bandits',
      'campaigns',
      'decisions',
      'episodes',
      'feedback',
      'ledgers',
      'plans',
      'variants',
    ]);
    expect(JSON.stringify(rows)).not.toContain(prompt);
  });

  it('is a damaged page', async () => {
    const store = await open();
    for (let index = 0; index < 60; index++)
      await store.registerTask(sampleTask({ id: `task-${index}`, name: 'x'.repeat(2000) }));
    await store.close();
    spoilPageOf('bandits');
    const { file } = await findDamage(path, fakeFold);
    expect(file.length).toBeGreaterThan(0);
  });
});
