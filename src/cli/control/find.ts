import type { CampaignView } from '../../console/api/campaign.schema.ts';
import { listCampaigns, readCampaign } from '../../console/api/campaigns.ts';
import type { TaskDetail } from '../../console/task-view.ts';
import { listTasks, readTask } from '../../console/api/tasks.ts';
import { listVariants } from '../../console/api/variants.ts';
import { orNull } from '../../console/pages/or-null.ts';
import { byBeginning, theOne } from '../by-beginning.ts';
import type { Ask } from './control.ts';
import { askList } from './ask-list.ts';

/** A task by its id, its name, or the beginning of its id. Rejects with `not_found` where there is no one such task. */
export async function findTask(ask: Ask, name: string): Promise<TaskDetail> {
  const exact = await orNull(ask(readTask, { params: { task: name } }));
  if (exact !== null) return exact;
  const named = await askList(ask, listTasks, { query: { name } });
  const found =
    named.items.length > 0
      ? named.items
      : await byBeginning(name, async () => (await askList(ask, listTasks)).items);
  const task = theOne(found, { kind: 'task', name, list: 'ratchet tasks' });
  return ask(readTask, { params: { task: task.id } });
}

/** A campaign by its id or the beginning of it. Rejects with `not_found` where there is no one such campaign. */
export async function findCampaign(ask: Ask, name: string): Promise<CampaignView> {
  const exact = await orNull(ask(readCampaign, { params: { campaign: name } }));
  if (exact !== null) return exact;
  const found = await byBeginning(name, async () => (await askList(ask, listCampaigns)).items);
  return theOne(found, { kind: 'campaign', name, list: 'ratchet campaigns' });
}

/** The id of a variant of a task by it or the beginning of it. Rejects with `not_found` where there is no one such variant. */
export async function findVariantId(ask: Ask, taskId: string, name: string): Promise<string> {
  const variants = await askList(ask, listVariants, { params: { task: taskId } });
  const exact = variants.items.find(({ id }) => id === name);
  const found = exact === undefined ? await byBeginning(name, async () => variants.items) : [exact];
  const { id } = theOne(found, { kind: 'variant', name, list: `ratchet task ${taskId}` });
  return id;
}
