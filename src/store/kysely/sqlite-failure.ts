import Database from 'better-sqlite3';
import { RatchetError } from '../../domain/ratchet-error.ts';

/** SQLite's primary result codes that say something of the file, the disk or other users, not of our statement. */
const unavailable =
  /^SQLITE_(BUSY|LOCKED|IOERR|FULL|CANTOPEN|NOTADB|CORRUPT|PROTOCOL|NOMEM|PERM|AUTH|READONLY|INTERRUPT)/;

/**
 * Runs a piece of SQLite work. Failures of file, disk or locks become `store_unavailable` (retryable), as does the
 * use of a store that is closed; faults of our own stay what they are. Messages never carry values of statements.
 */
export function withSqliteFailures<Result>(isOpen: () => boolean, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!isOpen()) throw storeUnavailable('the database is closed', error);
    if (error instanceof Database.SqliteError && unavailable.test(error.code))
      throw storeUnavailable(`the database cannot be used: ${error.code}`, error);
    throw error;
  }
}

/** The error by which a store says that trying again may help. */
export function storeUnavailable(message: string, cause?: unknown): RatchetError {
  return new RatchetError('store_unavailable', message, { isRetryable: true, cause });
}
