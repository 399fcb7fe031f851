import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleTask,
  sampleVariant,
  startMs,
} from '../samples.case.ts';
import { feedbackFor, namesIn, useSpoiledDatabase } from './spoiled-database.case.ts';

const { path, damaged, openThree, spoil } = useSpoiledDatabase();
const prompt = 'You are a secret prompt';

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
  const database = new Database(path(), { readonly: true });
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
