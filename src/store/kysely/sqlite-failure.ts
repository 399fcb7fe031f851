import Database from 'better-sqlite3';
import { RatchetError } from '../../domain/ratchet-error.ts';

/** SQLite's primary result codes that say something of the file, the disk or other users, not of our statement. */
const unavailable =
  /^SQLITE_(BUSY|LOCKED|IOERR|FULL|CANTOPEN|NOTADB|CORRUPT|PROTOCOL|NOMEM|PERM|AUTH|READONLY|INTERRUPT)/;

/** A page is damaged. Other pages are not, so that the next write may succeed, but this one never will. */
const corrupt = 'SQLITE_CORRUPT';

/**
 * Runs a piece of SQLite work. Failures of file, disk or locks become `store_unavailable` (retryable, but for a damaged
 * page), as does the use of a store that is closed; faults of our own stay what they are. Messages never carry values of
 * statements.
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

/** The error by which a store says that trying again may help, unless it comes from a damaged page. */
export function storeUnavailable(message: string, cause?: unknown): RatchetError {
  const isRetryable = !sqliteCodeOf(cause).startsWith(corrupt);
  return new RatchetError('store_unavailable', message, { isRetryable, cause });
}

/** Whether a failure means that somebody else is writing to the database at the moment. */
export function isLockHeld(error: unknown): boolean {
  return error instanceof RatchetError && sqliteCodeOf(error.cause).startsWith('SQLITE_BUSY');
}

/** Whether a failure means that a page of the database is damaged. */
export function isCorrupt(error: unknown): boolean {
  return error instanceof RatchetError && sqliteCodeOf(error.cause).startsWith(corrupt);
}

/** The code that an operator can look up, of SQLite or the operating system; empty where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function sqliteCodeOf(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}
