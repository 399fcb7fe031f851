import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { Client } from 'pg';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ChangeListener } from './change-listener.ts';
import { changeChannel } from './counters.ts';
import { withPostgresFailures } from './postgres-failure.ts';
import type { Schema } from './schema.ts';

/** How long opening the connection, and a notification, may take, milliseconds. */
const connectMsMax = 5_000;
const deliveryMsMax = 2_000;

/** Notifications that only show that notifications arrive. */
const proofPrefix = 'proof ';

/**
 * Listens to changes over a connection of its own. Whether notifications arrive is found out by sending one: behind a
 * pooler that lends connections by the transaction (PgBouncer) listening seems to work, and nothing ever comes.
 */
export function listenToPostgres(url: string, db: Kysely<Schema>): ChangeListener {
  return async (onChange) =>
    withPostgresFailures(async () => {
      const client = new Client({
        connectionString: url,
        application_name: 'ratchet-listener',
        connectionTimeoutMillis: connectMsMax,
        keepAlive: true,
      });
      // What ends the connection is told by its end.
      client.on('error', () => {});
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      const awaited = new Map<string, () => void>();
      client.on('notification', ({ payload = '' }) => {
        if (payload.startsWith(proofPrefix)) awaited.get(payload)?.();
        else onChange();
      });
      const prove = async (): Promise<void> => {
        const payload = proofPrefix + randomBytes(9).toString('base64url');
        const arrived = new Promise<boolean>((resolve) => awaited.set(payload, () => resolve(true)));
        try {
          await sql`select pg_notify(${changeChannel}, ${payload})`.execute(db);
          const gaveUp = Promise.race([ended, delay(deliveryMsMax, undefined, { ref: false })]);
          if (await Promise.race([arrived, gaveUp.then(() => false)])) return;
        } finally {
          awaited.delete(payload);
        }
        throw new RatchetError('store_unavailable', 'notifications do not arrive', { isRetryable: true });
      };
      const close = async (): Promise<void> => client.end().catch(() => {});
      try {
        await client.connect();
        await client.query(`listen ${changeChannel}`);
        await prove();
      } catch (error) {
        void close();
        throw error;
      }
      return { ended, prove, close };
    });
}
