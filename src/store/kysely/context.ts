import type { Kysely, Transaction } from 'kysely';
import type { Random } from '../../domain/random.ts';
import type { LedgerRules } from '../ledger/settle-episode.ts';
import type { DamageListener } from './damage.ts';
import type { Schema } from './schema.ts';

/** What each part of the store works with. */
export interface KyselyContext {
  /** For reading; what writes goes through `commit`. */
  readonly db: Kysely<Schema>;
  readonly commit: Commit;
  readonly random: Random;
  readonly retentionMs: number;
  readonly onDamage: DamageListener;
  /** The rules at this moment. */
  readonly rules: () => LedgerRules;
}

/** A transaction that may write. */
export type Write = Transaction<Schema>;

/** Runs a piece of writing as if in a transaction of its own; resolves when it is committed to disk. */
export type Commit = <Result>(work: (write: Write) => Promise<Result>) => Promise<Result>;

/** The database, inside a transaction or not. */
export type Read = Kysely<Schema>;

/** Values that one query names at a time; well below what either engine takes. */
const namesMax = 500;

/** Rows that one statement inserts at a time. */
const rowsMax = 100;

/** Splits names for an `in (…)`, each once. */
function* inChunks(names: Iterable<string>): Generator<readonly string[]> {
  const all = [...new Set(names)];
  for (let start = 0; start < all.length; start += namesMax) yield all.slice(start, start + namesMax);
}

/** Splits rows for an insert. */
export function* inRows<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += rowsMax) yield rows.slice(start, start + rowsMax);
}

/** Collects what a query finds for all of many names. */
export async function findAll<Row>(
  names: Iterable<string>,
  query: (chunk: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const chunk of inChunks(names)) found.push(...(await query(chunk)));
  return found;
}
