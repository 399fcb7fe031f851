import { z } from 'zod';
import type { RecordedAudit } from '../../domain/audit-entry.ts';
import type { ChangeEvent, RecordedChange } from '../../domain/change-event.ts';
import { atMs, nameField, stored } from './parts.schema.ts';
import { planCauseSchema } from './plan.schema.ts';
import { watchEventSchema } from './task.schema.ts';

const entryFields = {
  actor: z.string().describe('Id of the admin token, `local` without one, `cli:NAME` from a shell.'),
  action: z.enum([
    'pause',
    'resume',
    'pin',
    'unpin',
    'propose',
    'approve',
    'reject',
    'promote',
    'roll-back',
    'forget',
  ]),
  taskId: z.string().nullable(),
  subject: z.string().describe('What was changed.'),
  before: z.string().nullable(),
  after: z.string().nullable(),
  reason: z.string().nullable(),
  atMs,
};

/** An entry of the audit log. */
export const auditSchema: z.ZodType<RecordedAudit> = z
  .object({ ...entryFields, position: z.number().int() })
  .meta({ id: 'AuditEntry' });

const about = { taskId: z.string(), atMs, position: z.number().int() };

/** A change. */
export const changeSchema: z.ZodType<RecordedChange> = z
  .discriminatedUnion('kind', [
    z.object({ ...about, kind: z.literal('task-added') }),
    z.object({
      ...about,
      kind: z.literal('plan-changed'),
      version: z.number().int(),
      incumbentId: z.string(),
      cause: planCauseSchema,
    }),
    z.object({
      ...about,
      kind: z.literal('campaign-changed'),
      campaignId: z.string(),
      revision: z.number().int(),
      state: stored<'proposed'>('State of the campaign.').meta({ type: 'string' }),
      verdict: stored<'promote'>('Kind of its newest verdict.').meta({ type: 'string' }).nullable(),
      evidence: stored<Evidence>('Where its e-processes stand.').nullable(),
    }),
    z.object({ ...about, kind: z.literal('watch-event'), event: watchEventSchema }),
    z.object({ ...about, kind: z.literal('person-acted'), entry: z.object(entryFields) }),
  ])
  .meta({ id: 'Change' });

type Evidence = NonNullable<Extract<ChangeEvent, { readonly kind: 'campaign-changed' }>['evidence']>;

/** Which changes are asked for. */
export interface ChangesQuery {
  readonly after: number;
  readonly task?: string | undefined;
  readonly limit: number;
}
export const changesQuery: z.ZodType<ChangesQuery> = z.object({
  after: z.coerce.number().int().gte(0).default(0).describe('Position of the last change that is known.'),
  task: nameField,
  limit: z.coerce.number().int().gte(1).lte(500).default(100),
});

/** A part of the log of changes. */
export const changesSchema: z.ZodType<{
  readonly items: readonly RecordedChange[];
  readonly newest: number;
}> = z.object({
  items: z.array(changeSchema),
  newest: z.number().int().describe('Position of the newest change of all.'),
});

/** Which changes are streamed. */
export const eventsQuery: z.ZodType<{ readonly task?: string | undefined }> = z.object({
  task: nameField.describe('Only changes of the task with this id.'),
});
