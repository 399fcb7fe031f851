import { sql, type Kysely } from 'kysely';

/**
 * What the control plane reads and writes: earlier baselines, the log of changes, the audit log, and a way from a request
 * to all answers to it. Requests without their text are found by task and time; those with it have an index already.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('baselines')
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('baseline', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('baselines_key', ['task_id', 'version'])
    .execute();
  await db.schema
    .createTable('changes')
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('campaign_id', 'text')
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('change', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('changes_key', ['position'])
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('task_id', 'text')
    .addColumn('entry', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_key', ['position'])
    .execute();
  await sql`create index changes_by_age on changes (at_ms)`.execute(db);
  await sql`create index changes_by_task on changes (task_id, position)`.execute(db);
  await sql`create index changes_by_campaign on changes (campaign_id, position) where campaign_id is not null`.execute(
    db,
  );
  await sql`create index audit_by_task on audit (task_id, position)`.execute(db);
  await sql`create index shadow_runs_by_decision on shadow_runs (decision_id)`.execute(db);
  await sql`create index bare_decisions on decisions (task_id, at_ms) where content is null`.execute(db);
}
