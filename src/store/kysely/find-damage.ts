import Database from 'better-sqlite3';
import type { BanditFold } from '../bandit-fold.ts';
import type { DamagedRow } from './damage.ts';
import { codeOf } from './sqlite-failure.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** Damaged rows of one table that are named; more are seldom of use. */
const rowsPerTableMax = 5;

/** What tells a row from others, and where it has JSON text. Absent text is not damaged. */
const jsonTables = [
  { table: 'tasks', key: 'id', columns: ['baseline', 'config'] },
  { table: 'bandits', key: 'task_id', columns: ['state', 'delays_ms', 'retired'] },
  { table: 'plans', key: "task_id || ' version ' || version", columns: ['plan'] },
  { table: 'variants', key: 'id', columns: ['variant'] },
  { table: 'decisions', key: 'decision_id', columns: ['details', 'content'] },
  { table: 'episodes', key: 'episode_id', columns: ['credit'] },
  { table: 'feedback', key: 'feedback_id', columns: ['tags', 'target_ref'] },
  { table: 'campaigns', key: 'id', columns: ['campaign'] },
  { table: 'gate_states', key: 'task_id', columns: ['state'] },
  { table: 'watch_events', key: 'position', columns: ['event'] },
  { table: 'shadow_runs', key: "variant_id || ' ' || decision_id", columns: ['run'] },
] as const;

/** What is wrong with a database, for people. */
export interface Damage {
  /** What SQLite says of the file itself; empty where its structure is whole. */
  readonly file: readonly string[];
  /** Rows that cannot be read, at most five of a table. */
  readonly rows: readonly DamagedRow[];
}

/** Reads all of a database, and changes nothing. Throws `store_unavailable` where it cannot be opened at all. */
export async function findDamage(path: string, fold: BanditFold): Promise<Damage> {
  const rows = new Map<string, DamagedRow>();
  const note = (row: DamagedRow): void => void rows.set(`${row.table} ${row.key}`, row);
  const store = await openSqliteStore({
    path,
    fold,
    // Nothing is written, and nothing here depends on the time.
    clock: { now: () => 0 },
    random: { next: () => 0 },
    mode: 'reader',
    onDamage: note,
  });
  const file: string[] = [];
  try {
    await store.readSnapshot(0);
  } catch (error) {
    file.push(`tasks: ${codeOf(error instanceof Error ? error.cause : error)}`);
  } finally {
    await store.close();
  }
  const database = new Database(path, { readonly: true });
  try {
    file.push(...structureFaults(database));
    for (const row of wrongTexts(database, file)) note(row);
  } finally {
    database.close();
  }
  return { file: [...new Set(file)], rows: [...rows.values()] };
}

function structureFaults(database: Database.Database): readonly string[] {
  try {
    return textsOf(database.prepare('pragma quick_check(5)').pluck().all()).filter((line) => line !== 'ok');
  } catch (error) {
    return [codeOf(error)];
  }
}

function* wrongTexts(database: Database.Database, file: string[]): Generator<DamagedRow> {
  for (const { table, key, columns } of jsonTables) {
    const wrong = columns.map((column) => `not coalesce(json_valid(${column}), 1)`).join(' or ');
    yield* damagedRows(database, file, { table, query: `select ${key} from ${table} where ${wrong}` });
  }
  const query = "select campaign_id from ledgers where typeof(count) <> 'integer' or count < 0";
  yield* damagedRows(database, file, { table: 'ledgers', query });
}

function* damagedRows(
  database: Database.Database,
  file: string[],
  { table, query }: { readonly table: string; readonly query: string },
): Generator<DamagedRow> {
  try {
    const keys = database.prepare(`${query} limit ${rowsPerTableMax}`).pluck().all();
    for (const key of textsOf(keys)) yield { table, key };
  } catch (error) {
    file.push(`${table}: ${codeOf(error)}`);
  }
}

function textsOf(values: readonly unknown[]): readonly string[] {
  return values.map(String);
}
