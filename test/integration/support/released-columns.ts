import { readFileSync } from 'node:fs';
import { sql, type Kysely } from 'kysely';
import type { AnyTables } from './first-release.ts';

/**
 * Columns that processes of the previous release read and write, by table. A release replaces the list by its own:
 * until then they run beside the newer ones.
 */
const released: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('../../vectors/released-columns.json', import.meta.url), 'utf8'),
);

interface Column {
  readonly name: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

/** What a SQLite database that has been migrated would refuse to a process of the previous release; empty: nothing. */
export async function refusalsOf(db: Kysely<AnyTables>): Promise<readonly string[]> {
  const refusals: string[] = [];
  for (const [table, names] of Object.entries(released)) {
    const columns = await columnsOf(db, table);
    for (const name of names)
      if (!columns.some((column) => column.name === name)) refusals.push(`${table}.${name} is gone`);
    for (const { name, isNullable, hasDefault } of columns)
      if (!names.includes(name) && !isNullable && !hasDefault)
        refusals.push(`${table}.${name} has to be given, by processes that do not know it`);
  }
  return refusals;
}

async function columnsOf(db: Kysely<AnyTables>, table: string): Promise<readonly Column[]> {
  const { rows } = await sql<{ name: string; notnull: number; dflt_value: string | null }>`
    select name, "notnull", dflt_value from pragma_table_info(${table})`.execute(db);
  return rows.map(({ name, notnull, dflt_value: value }) => ({
    name,
    isNullable: notnull === 0,
    hasDefault: value !== null,
  }));
}
