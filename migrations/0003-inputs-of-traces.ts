import { sql, type Kysely } from 'kysely';

/**
 * Inputs are looked up for ground truth, which only decisions with their text can use: the others need no entry, and
 * each entry of this index lands on a page of its own.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index decisions_by_input`.execute(db);
  await sql`create index traces_by_input on decisions (task_id, input_hash) where content is not null`.execute(
    db,
  );
}
