/** One change that a person made, as the audit log keeps it. */
export interface AuditEntry {
  /** Id of the admin token, `local` where a server on loopback asks for none, `cli:<name>` from a shell. */
  readonly actor: string;
  readonly action: AuditAction;
  /** `null` where the change concerns no single task. */
  readonly taskId: string | null;
  /** What was changed: id of a campaign or variant, `plan`, `learning`, or what was to be forgotten. */
  readonly subject: string;
  /** State or version before and after; `null` where there was none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Why, in the person's own words. */
  readonly reason: string | null;
  readonly atMs: number;
}

/** An entry with its place in the log, which grows with time. */
export interface RecordedAudit extends AuditEntry {
  readonly position: number;
}

/** What a person may do. Names are stored and shown: add, never rename. */
export type AuditAction =
  | 'pause'
  | 'resume'
  | 'pin'
  | 'unpin'
  | 'propose'
  | 'approve'
  | 'reject'
  | 'promote'
  | 'roll-back'
  | 'forget';
