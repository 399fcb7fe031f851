import type { RecordedAudit } from '../domain/audit-entry.ts';
import type { RecordedChange } from '../domain/change-event.ts';
import type { Found } from './place.ts';

/**
 * What happened, in the order in which it was committed: every change of a plan or campaign and every event of the
 * watch, written with the change itself. Kept as long as evidence is; the audit log is kept for good.
 */
export interface ChangeLog {
  /** Changes with a position greater than `after`, oldest first. */
  readonly readChanges: (query: ChangeQuery) => Promise<readonly RecordedChange[]>;
  /** Position of the newest change, 0 without any. */
  readonly newestChange: () => Promise<number>;
  /** What people changed, newest first; `next` is the position of the last one. */
  readonly readAudit: (query: AuditQuery) => Promise<Found<RecordedAudit, number>>;
}

export interface ChangeQuery {
  readonly after: number;
  readonly taskId?: string;
  /** Only changes of this campaign. */
  readonly campaignId?: string;
  readonly limit: number;
}

export interface AuditQuery {
  readonly taskId?: string;
  /** Only entries before this position. */
  readonly before?: number;
  readonly limit: number;
}
