import {
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
} from 'kysely';
import type { Pool } from 'pg';
import { withPostgresFailures } from './postgres-failure.ts';

/**
 * Kysely's PostgreSQL with failures in our terms, and with texts that it can keep: it has no room for the character
 * U+0000, which clients may well send, so U+FFFD stands for it.
 */
export function createPostgresDialect(pool: Pool): Dialect {
  return {
    createDriver: () => new GuardedDriver({ pool }),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

class GuardedDriver extends PostgresDriver {
  readonly #guarded = new WeakSet<DatabaseConnection>();

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await withPostgresFailures(async () => super.acquireConnection());
    if (this.#guarded.has(connection)) return connection;
    this.#guarded.add(connection);
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = async (query, ...others) =>
      withPostgresFailures(async () =>
        execute({ ...query, parameters: query.parameters.map(storable) }, ...others),
      );
    return connection;
  }
}

function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
}
