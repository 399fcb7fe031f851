import { isOpen } from '../../domain/campaign.ts';
import { experienceMax, type Experience, type ExperienceQuery } from '../campaign-store.ts';
import type { Tables } from './tables.ts';

/** Ended campaigns of other tasks, newest first. Campaigns are kept in the order in which they were added. */
export function readExperience(
  tables: Pick<Tables, 'campaigns' | 'tasks'>,
  { exceptTaskId, scope, limit }: ExperienceQuery,
): readonly Experience[] {
  const found: Experience[] = [];
  for (const campaign of [...tables.campaigns.values()].toReversed()) {
    if (found.length >= Math.min(experienceMax, Math.max(0, limit))) break;
    if (isOpen(campaign.state) || campaign.taskId === exceptTaskId) continue;
    const task = tables.tasks.get(campaign.taskId)?.task;
    if (task !== undefined && (scope === null || task.scope === scope))
      found.push({ campaign, baseline: task.baseline });
  }
  return found;
}
