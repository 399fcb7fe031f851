import type { Kysely } from 'kysely';

/** Who does a work that only one process may do at a time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('beat', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('leases_key', ['name'])
    .execute();
}
