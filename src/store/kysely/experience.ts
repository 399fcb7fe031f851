import type { Campaign } from '../../domain/campaign.ts';
import type { Baseline } from '../../domain/task.ts';
import { experienceMax, type Experience, type ExperienceQuery } from '../campaign-store.ts';
import type { KyselyContext } from './context.ts';
import { readRow, readSoundRows } from './damage.ts';

interface CampaignColumns {
  readonly id: string;
  readonly campaign: string;
}

/** Ended campaigns of other tasks. Their texts are read for the newest ones alone. */
export async function readExperience(
  { db, onDamage }: Pick<KyselyContext, 'db' | 'onDamage'>,
  { exceptTaskId, scope, limit }: ExperienceQuery,
  campaignOf: (row: CampaignColumns) => Campaign,
): Promise<readonly Experience[]> {
  const newest = db
    .selectFrom('campaigns as ended')
    .innerJoin('tasks as owners', 'owners.id', 'ended.task_id')
    .select('ended.id')
    .where('ended.is_open', '=', 0)
    .where('ended.task_id', '<>', exceptTaskId)
    .$if(scope !== null, (query) => query.where('owners.scope', '=', scope ?? ''))
    .orderBy('ended.position', 'desc')
    .limit(Math.min(experienceMax, Math.max(0, limit)));
  const rows = await db
    .selectFrom('campaigns')
    .innerJoin('tasks', 'tasks.id', 'campaigns.task_id')
    .select(['campaigns.id', 'campaigns.campaign', 'tasks.baseline', 'tasks.id as task_id'])
    .where('campaigns.id', 'in', newest)
    .orderBy('campaigns.position', 'desc')
    .execute();
  return readSoundRows(
    rows,
    (row) => ({ campaign: campaignOf(row), baseline: baselineOf(row.task_id, row.baseline) }),
    ({ id }, table) => onDamage({ table, key: id }),
  );
}

function baselineOf(key: string, text: string): Baseline {
  return readRow({ table: 'tasks', key }, () => {
    const baseline: Baseline = JSON.parse(text);
    if (!Array.isArray(baseline.skeleton.segments)) throw new RangeError('a baseline has no skeleton');
    return baseline;
  });
}
