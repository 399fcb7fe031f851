import { randomBytes } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { withPostgresFailures } from './postgres-failure.ts';

/** A database that was made for a while. */
export interface MadeDatabase {
  readonly url: string;
  /** Drops it with everything in it, whoever is connected to it. */
  readonly drop: () => Promise<void>;
}

const insufficientPrivilege = '42501';

/**
 * Makes an empty database on the server of another one, whose user must be allowed to; its name begins with `prefix`.
 * Rejects with `store_unavailable` where the server cannot be reached or does not allow it.
 */
export async function makeDatabase(serverUrl: string, prefix: string): Promise<MadeDatabase> {
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await run(serverUrl, `create database ${name}`).catch((error: unknown) => {
    if (!(error instanceof DatabaseError) || error.code !== insufficientPrivilege) throw error;
    const message = 'the user of the database server may not create databases';
    throw new RatchetError('store_unavailable', message, { isRetryable: false, cause: error });
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => run(serverUrl, `drop database ${name} with (force)`) };
}

async function run(url: string, statement: string): Promise<void> {
  await withPostgresFailures(async () => {
    const client = new Client({ connectionString: url });
    // What ends the connection fails the statement too.
    client.on('error', () => {});
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  });
}
