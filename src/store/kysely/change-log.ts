import type { AuditEntry, RecordedAudit } from '../../domain/audit-entry.ts';
import type { ChangeEvent, RecordedChange } from '../../domain/change-event.ts';
import type { ChangeLog } from '../change-log.ts';
import type { KyselyContext, Write } from './context.ts';
import { nextOf } from './counters.ts';
import { readRow, readSoundRows } from './damage.ts';

/** The logs of changes in a database. */
export function kyselyChangeLog({ db, onDamage }: KyselyContext): ChangeLog {
  return {
    readChanges: async ({ after, taskId, campaignId, limit }) => {
      const rows = await db
        .selectFrom('changes')
        .select(['position', 'change'])
        .where('position', '>', after)
        .$if(taskId !== undefined, (found) => found.where('task_id', '=', taskId ?? ''))
        .$if(campaignId !== undefined, (found) => found.where('campaign_id', '=', campaignId ?? ''))
        .orderBy('position')
        .limit(limit)
        .execute();
      const read = ({ position, change }: (typeof rows)[number]): RecordedChange =>
        readRow({ table: 'changes', key: String(position) }, () => {
          const event: ChangeEvent = JSON.parse(change);
          return { ...event, position: Number(position) };
        });
      return readSoundRows(rows, read, ({ position }) =>
        onDamage({ table: 'changes', key: String(position) }),
      );
    },
    newestChange: async () => {
      const row = await db
        .selectFrom('changes')
        .select(({ fn }) => fn.max('position').as('newest'))
        .executeTakeFirst();
      return Number(row?.newest ?? 0);
    },
    readAudit: async ({ taskId, before, limit }) => {
      const rows = await db
        .selectFrom('audit')
        .select(['position', 'entry'])
        .$if(taskId !== undefined, (found) => found.where('task_id', '=', taskId ?? ''))
        .$if(before !== undefined, (found) => found.where('position', '<', before ?? 0))
        .orderBy('position', 'desc')
        .limit(limit)
        .execute();
      const read = ({ position, entry }: (typeof rows)[number]): RecordedAudit =>
        readRow({ table: 'audit', key: String(position) }, () => {
          const audit: AuditEntry = JSON.parse(entry);
          return { ...audit, position: Number(position) };
        });
      const items = readSoundRows(rows, read, ({ position }) =>
        onDamage({ table: 'audit', key: String(position) }),
      );
      const last = rows.at(-1);
      return { items, next: rows.length < limit || last === undefined ? null : Number(last.position) };
    },
  };
}

/** Writes events in their order. */
export async function addChanges(write: Write, events: readonly ChangeEvent[]): Promise<void> {
  for (const event of events) {
    const row = {
      position: await nextOf(write, 'position'),
      task_id: event.taskId,
      campaign_id: event.kind === 'campaign-changed' ? event.campaignId : null,
      at_ms: event.atMs,
      change: JSON.stringify(event),
    };
    await write.insertInto('changes').values(row).execute();
  }
}

/** Writes an entry of the audit log. */
export async function addAudit(write: Write, entry: AuditEntry): Promise<void> {
  const position = await nextOf(write, 'position');
  const row = { position, task_id: entry.taskId, entry: JSON.stringify(entry) };
  await write.insertInto('audit').values(row).execute();
}
