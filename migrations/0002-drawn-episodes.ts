import { sql, type Kysely } from 'kysely';

/** Episodes of a task by the moment of their draw, for credit and the watch over guardrails and segments. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index drawn_episodes on episodes (task_id, decided_at_ms) where decided_at_ms is not null`.execute(
    db,
  );
}
