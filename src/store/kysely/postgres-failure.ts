import { DatabaseError } from 'pg';
import { RatchetError } from '../../domain/ratchet-error.ts';

/**
 * Classes of SQLSTATE that say something of the server, the way to it or other transactions, not of our statement:
 * connection, transaction state, authorization, rollback, resources, operator intervention, system error.
 */
const unavailable = /^(08|25|28|3D|40|53|55|57|58)/;

/** Damaged data, which no retry can mend. */
const damaged = /^XX00[12]$/;

/**
 * Runs a piece of work on PostgreSQL. What fails for the server, the connection to it or other transactions becomes
 * `store_unavailable` (retryable, but for damaged data); faults of our own stay what they are. Messages carry codes,
 * never values of statements.
 */
export async function withPostgresFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asUnavailable(error) ?? error;
  }
}

/** `undefined` where the failure is a fault of ours. */
function asUnavailable(error: unknown): RatchetError | undefined {
  if (error instanceof RatchetError) return undefined;
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (!unavailable.test(code) && !damaged.test(code)) return undefined;
    return storeUnavailable(code, error);
  }
  // The driver's own errors and those of sockets have no SQLSTATE; our own are range and type errors.
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError)
    return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'connection lost';
  return storeUnavailable(code, error);
}

function storeUnavailable(code: string, cause: unknown): RatchetError {
  return new RatchetError('store_unavailable', `the database cannot be used: ${code}`, {
    isRetryable: !damaged.test(code),
    cause,
  });
}
