import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { readFileSync } from 'node:fs';
import { up as firstTables } from '../../../migrations/0001-first-tables.ts';

/** A value of a column. */
type Value = string | number | null;

/** A row by its columns. */
export type Row = Readonly<Record<string, Value>>;

/** Any tables, since those of today are not those of the first release. */
export type AnyTables = Record<string, Record<string, Value>>;

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/**
 * What a server of the first schema stored in a demonstration, in part: a task that promoted two variants and took one
 * back, the campaigns, some requests with their feedback, and a score that waits for its decision.
 */
const tables: Readonly<Record<string, Table>> = JSON.parse(
  readFileSync(new URL('../../vectors/first-release.json', import.meta.url), 'utf8'),
);

/** Every table of the first release. */
export const tableNames: readonly string[] = Object.keys(tables);

/** The rows of a table of the first release. */
export function rowsOf(table: string): readonly Row[] {
  const { columns, rows } = tables[table] ?? { columns: [], rows: [] };
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])));
}

/** Makes an empty database one of the first release, with these rows. */
export async function makeFirstRelease(db: Kysely<AnyTables>): Promise<void> {
  const provider = { getMigrations: async () => ({ '0001-first-tables': { up: firstTables } }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
  for (const table of tableNames) {
    await db.deleteFrom(table).execute();
    for (const row of rowsOf(table)) await db.insertInto(table).values(row).execute();
  }
}

/** The rows that a database has now, in the columns of the first release, in the order of their text. */
export async function readRows(db: Kysely<AnyTables>, table: string): Promise<readonly string[]> {
  const columns = tables[table]?.columns ?? [];
  const rows = await db
    .selectFrom(table)
    .select([...columns])
    .execute();
  return inOrder(rows, columns);
}

/** Rows as text, so that both engines' numbers compare, in the order of that text. */
export function inOrder(rows: readonly Row[], columns: readonly string[]): readonly string[] {
  const textOf = (row: Row): string =>
    JSON.stringify(columns.map((column) => (row[column] === null ? null : String(row[column]))));
  return rows.map(textOf).toSorted((one, other) => (one < other ? -1 : 1));
}
