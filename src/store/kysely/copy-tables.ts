import { sql, type Kysely } from 'kysely';
import { arePartitioned } from './decision-partitions.ts';
import type { Schema } from './schema.ts';

/** A table, and the columns that tell its rows apart. */
interface CopiedTable {
  readonly name: keyof Schema;
  readonly key: readonly string[];
  /** Numbers whose sums are compared. */
  readonly numbers: readonly string[];
}

/** Everything but leases, which belong to processes. What others refer to comes first. */
const tables: readonly CopiedTable[] = [
  { name: 'counters', key: ['name'], numbers: ['value'] },
  { name: 'secrets', key: ['name'], numbers: [] },
  { name: 'tasks', key: ['id'], numbers: ['created_at_ms', 'plan_version', 'revision'] },
  { name: 'bandits', key: ['task_id'], numbers: [] },
  { name: 'plans', key: ['task_id', 'version'], numbers: ['version'] },
  { name: 'variants', key: ['task_id', 'id'], numbers: [] },
  { name: 'decisions', key: ['decision_id'], numbers: ['propensity', 'at_ms', 'plan_version', 'reward'] },
  {
    name: 'episodes',
    key: ['episode_id', 'scope', 'task_id'],
    numbers: ['started_at_ms', 'reward', 'is_window_closed'],
  },
  { name: 'feedback', key: ['feedback_id'], numbers: ['value', 'counted_value', 'at_ms', 'arrival'] },
  { name: 'ground_truths', key: ['feedback_id'], numbers: ['at_ms'] },
  { name: 'reward_events', key: ['sequence'], numbers: ['sequence', 'reward', 'propensity'] },
  { name: 'campaigns', key: ['id'], numbers: ['position', 'revision', 'is_open'] },
  { name: 'gate_states', key: ['task_id'], numbers: ['revision'] },
  { name: 'watch_events', key: ['position'], numbers: ['position'] },
  { name: 'shadow_runs', key: ['task_id', 'variant_id', 'decision_id'], numbers: ['at_ms'] },
  { name: 'pairs', key: ['campaign_id', 'unit_id'], numbers: [] },
  { name: 'ledgers', key: ['campaign_id', 'ledger', 'difference'], numbers: ['difference', 'count'] },
  { name: 'baselines', key: ['task_id', 'version'], numbers: ['version'] },
  { name: 'changes', key: ['position'], numbers: ['position', 'at_ms'] },
  { name: 'audit', key: ['position'], numbers: ['position'] },
  { name: 'spends', key: ['task_id', 'day'], numbers: ['usd', 'shadow_requests', 'optimizer_tokens'] },
];

/** Names of the tables that are copied. */
export const copiedTables: readonly string[] = tables.map(({ name }) => name);

/** How a table was copied. */
export interface CopiedRows {
  readonly table: string;
  /** Rows that the source has. */
  readonly rows: number;
  /** What differs between source and target afterwards; empty where nothing does. */
  readonly differences: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** Rows of one statement. */
const rowsMax = 200;

/**
 * Copies every row, table by table in the order of its key, and compares counts and sums afterwards. Rows that are there
 * are replaced, so it may be broken off and repeated; rows that only the target has show as a difference. Nobody may
 * write to either of them meanwhile.
 */
export async function copyTables(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  onTable: (copied: CopiedRows) => void = () => {},
): Promise<readonly CopiedRows[]> {
  const copied: CopiedRows[] = [];
  const areDivided = await arePartitioned(to);
  for (const table of tables) {
    const isDivided = areDivided && table.name === 'decisions';
    await copyTable(from, to, isDivided ? { ...table, key: [...table.key, 'at_ms'] } : table);
    const [theirs, ours] = [await sumsOf(from, table), await sumsOf(to, table)];
    const differences = Object.entries(theirs).flatMap(([name, sum]) =>
      isClose(sum, ours[name] ?? Number.NaN) ? [] : [`${name}: ${sum} became ${ours[name]}`],
    );
    const result = { table: table.name, rows: theirs['rows'] ?? 0, differences };
    copied.push(result);
    onTable(result);
  }
  return copied;
}

async function copyTable(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  { name, key }: CopiedTable,
): Promise<void> {
  const keyColumns = sql.join(key.map((column) => sql.ref(column)));
  let last: Row | undefined;
  for (;;) {
    const after: ReturnType<typeof sql> =
      last === undefined
        ? sql``
        : sql`where (${keyColumns}) > (${sql.join(key.map((column) => last?.[column]))})`;
    const { rows } =
      await sql<Row>`select * from ${sql.table(name)} ${after} order by ${keyColumns} limit ${sql.lit(rowsMax)}`.execute(
        from,
      );
    if (rows.length === 0) return;
    await to.transaction().execute(async (write) => insertion(name, key, rows).execute(write));
    last = rows.at(-1);
  }
}

function insertion(name: string, key: readonly string[], rows: readonly Row[]): ReturnType<typeof sql> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const others = columns.filter((column) => !key.includes(column));
  const replaced = sql.join(others.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
  const action = others.length === 0 ? sql`do nothing` : sql`do update set ${replaced}`;
  return sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))}) values ${sql.join(values)} on conflict (${sql.join(key.map((column) => sql.ref(column)))}) ${action}`;
}

async function sumsOf(
  db: Kysely<Schema>,
  { name, numbers }: CopiedTable,
): Promise<Readonly<Record<string, number>>> {
  const sums = numbers.map((column) => sql`, coalesce(sum(${sql.ref(column)}), 0) as ${sql.ref(column)}`);
  const { rows } =
    await sql<Row>`select count(*) as "rows" ${sql.join(sums, sql``)} from ${sql.table(name)}`.execute(db);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([column, sum]) => [column, Number(sum)]));
}

/** Sums of fractions depend on the order in which they were added. */
const tolerance = 1e-9;

function isClose(one: number, other: number): boolean {
  return Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one), Math.abs(other));
}
