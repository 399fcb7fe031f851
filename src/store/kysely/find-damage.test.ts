import { describe, expect, it } from 'vitest';
import { fakeFold } from '../fake-fold.case.ts';
import { sampleCampaign, sampleDecision, sampleFeedback, sampleTask } from '../samples.case.ts';
import { findDamage } from './find-damage.ts';
import { feedbackFor, useSpoiledDatabase } from './spoiled-database.case.ts';

const { path, open, openThree, spoil, spoilPageOf } = useSpoiledDatabase();
const prompt = 'You are a secret prompt';

describe('what doctor finds', () => {
  it('is nothing in a database that is whole', async () => {
    const store = await openThree();
    await store.recordDecisions([sampleDecision('d1', { content: null })]);
    await store.recordFeedback([feedbackFor('triage', 'd1')]);
    await store.close();
    expect(await findDamage(path(), fakeFold)).toEqual({ file: [], rows: [] });
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
    const { file, rows } = await findDamage(path(), fakeFold);
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
    const { file } = await findDamage(path(), fakeFold);
    expect(file.length).toBeGreaterThan(0);
  });
});
