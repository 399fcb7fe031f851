import type { AuditEntry } from '../../domain/audit-entry.ts';
import type { ChangeEvent } from '../../domain/change-event.ts';
import type { ChangeLog } from '../change-log.ts';
import type { MemoryContext } from './context.ts';
import type { Tables } from './tables.ts';

/** The logs of changes in memory. */
export function memoryChangeLog({ tables }: MemoryContext): ChangeLog {
  return {
    readChanges: async ({ after, taskId, campaignId, limit }) =>
      tables.changes
        .filter(
          (change) =>
            change.position > after &&
            (taskId === undefined || change.taskId === taskId) &&
            (campaignId === undefined ||
              (change.kind === 'campaign-changed' && change.campaignId === campaignId)),
        )
        .slice(0, limit),
    newestChange: async () => tables.changes.at(-1)?.position ?? 0,
    readAudit: async ({ taskId, before = Infinity, limit }) => {
      const items = tables.audit
        .filter((entry) => entry.position < before && (taskId === undefined || entry.taskId === taskId))
        .toReversed()
        .slice(0, limit);
      return { items, next: items.length < limit ? null : (items.at(-1)?.position ?? null) };
    },
  };
}

/** Writes events in their order. */
export function addChanges(tables: Tables, events: readonly ChangeEvent[]): void {
  for (const event of events) tables.changes.push({ ...event, position: (tables.counters.position += 1) });
}

/** Writes an entry of the audit log. */
export function addAudit(tables: Tables, entry: AuditEntry): void {
  tables.audit.push({ ...entry, position: (tables.counters.position += 1) });
}
