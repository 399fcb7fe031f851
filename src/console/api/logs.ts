import type { RecordedAudit } from '../../domain/audit-entry.ts';
import type { RecordedChange } from '../../domain/change-event.ts';
import { auditSchema, changesQuery, changesSchema } from './log.schema.ts';
import { operation, type Operation } from './operation.schema.ts';
import { decodeCursor, encodeCursor, type Page } from './page.ts';
import { pageSchema } from './parts.schema.ts';
import { logQuery } from './queries.schema.ts';

const tag = 'Logs';

/** Changes of plans and campaigns and events of the watch, oldest first. */
export const listChanges: Operation<{ readonly items: readonly RecordedChange[]; readonly newest: number }> =
  operation({
    id: 'listChanges',
    method: 'get',
    path: '/api/changes',
    tag,
    summary: 'Changes of plans and campaigns and events of the watch, oldest first',
    description: 'Kept as long as evidence is. `GET /api/events` streams them.',
    role: 'viewer',
    query: changesQuery,
    result: changesSchema,
    handle: async ({ query: { after, task, limit } }, { store }) => {
      const newest = await store.newestChange();
      const items = await store.readChanges({
        after,
        limit,
        ...(task === undefined ? {} : { taskId: task }),
      });
      return { kind: 'value', value: { items, newest } };
    },
  });

/** Every change that a person made, newest first. */
export const listAudit: Operation<Page<RecordedAudit>> = operation({
  id: 'listAudit',
  method: 'get',
  path: '/api/audit',
  tag,
  summary: 'Every change that a person made, newest first',
  description: 'Kept for good.',
  role: 'viewer',
  query: logQuery,
  result: pageSchema(auditSchema),
  handle: async ({ query: { task, limit, cursor } }, { store }) => {
    const place = decodeCursor(cursor, ['number']);
    const { items, next } = await store.readAudit({
      limit,
      ...(task === undefined ? {} : { taskId: task }),
      ...(place === undefined ? {} : { before: Number(place[0]) }),
    });
    return { kind: 'value', value: { items, next: next === null ? null : encodeCursor(next) } };
  },
});

/** What happened, and who made it happen. */
export const logOperations: readonly Operation[] = [listChanges, listAudit];
