import { beforeEach, describe, expect, test } from 'vitest';
import { banditFold } from '../bandit/fold.ts';
import { createSeededRandom } from '../runtime/seeded-random.ts';
import { createMemoryStore } from '../store/memory/memory-store.ts';
import { sampleCampaign, sampleTask, startMs } from '../store/samples.case.ts';
import type { Store } from '../store/store.ts';
import { findTask } from './find-task.ts';
import { readCampaignWithTask } from './read-campaign.ts';

let store: Store;

beforeEach(async () => {
  store = createMemoryStore({
    fold: banditFold,
    clock: { now: () => startMs },
    random: createSeededRandom(1),
  });
  for (const id of ['task-one', 'task-other']) {
    await store.registerTask(sampleTask({ id, name: `name of ${id}` }));
    for (const end of ['alpha', 'beta'])
      await store.addCampaign(sampleCampaign(`${end}-of-${id}`, { taskId: id }));
  }
});

describe('without a server', () => {
  test('a task goes by its id, its name, or the beginning of its id', async () => {
    for (const name of ['task-one', 'name of task-one', 'task-on'])
      expect((await findTask(store, name)).task.id, name).toBe('task-one');
  });

  test('a campaign of whatever task goes by the beginning of its id', async () => {
    for (const name of ['beta-of-task-other', 'beta-of-task-ot']) {
      const { campaign, snapshot } = await readCampaignWithTask(store, name);
      expect([campaign.id, snapshot.task.id]).toEqual(['beta-of-task-other', 'task-other']);
    }
  });

  test('what may be several, says too little or is nowhere is refused, naming what may be meant', async () => {
    await expect(findTask(store, 'task-o')).rejects.toThrow('"task-o" may be several: task-one, task-other');
    await expect(findTask(store, 'tas')).rejects.toThrow('there is no task "tas"; see ratchet tasks');
    await expect(readCampaignWithTask(store, 'beta')).rejects.toThrow(/may be several/);
    await expect(readCampaignWithTask(store, 'gamma')).rejects.toMatchObject({ code: 'not_found' });
  });
});
