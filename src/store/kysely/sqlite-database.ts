import Database from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { watchDatabaseFile, type DatabaseFile } from './database-file.ts';
import { codeOf, storeUnavailable, withSqliteFailures } from './sqlite-failure.ts';

/** How long a statement waits for another connection's lock while the database is being opened, milliseconds. */
const openingTimeoutMs = 2000;

/** And afterwards: the thread does nothing else meanwhile, so a transaction rather asks again, see `group-commit.ts`. */
const busyTimeoutMs = 50;

/**
 * Pages of 4 KiB that the journal holds before they are moved to the database, 10 MB: a page that many commits change is
 * then moved once for all of them. Not more, since a disk that is nearly full has to have room for them.
 */
const checkpointPages = 2_500;

/** Prepared statements that a connection keeps; beyond, the one used longest ago goes. */
const statementsMax = 256;

/** The part of better-sqlite3 that Kysely needs, with failures in our terms. */
export interface OpenDatabase extends SqliteDatabase {
  readonly isInTransaction: () => boolean;
  /** From now on a statement waits no longer than briefly for another connection's lock. */
  readonly endOpening: () => void;
  /** Its files as they are now, to be called once it has been used. */
  readonly watchFile: () => DatabaseFile;
}

/**
 * Opens a database file: a writer creates it, readable by its owner only, since it holds the signing secret and what
 * users wrote; a reader needs it to exist. The journal is a write-ahead log, and a commit is on disk when it returns.
 */
export function openSqliteDatabase(path: string, mode: 'writer' | 'reader'): OpenDatabase {
  const database = connect(path, mode);
  const guarded = <Result>(work: () => Result): Result => withSqliteFailures(() => database.open, work);
  const statements = new Map<string, SqliteStatement>();
  guarded(() => {
    if (mode === 'writer') {
      database.pragma('journal_mode = WAL');
      database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    }
    database.pragma('synchronous = FULL');
  });
  return {
    isInTransaction: () => database.open && database.inTransaction,
    endOpening: () => void database.pragma(`busy_timeout = ${busyTimeoutMs}`),
    watchFile: () => watchDatabaseFile(database, path),
    close: () => {
      statements.clear();
      database.close();
    },
    prepare: (text) => {
      const known = statements.get(text);
      const statement =
        known ??
        guardStatement(
          guarded(() => database.prepare(text)),
          guarded,
        );
      statements.delete(text);
      statements.set(text, statement);
      const [oldest] = statements.keys();
      if (statements.size > statementsMax && oldest !== undefined) statements.delete(oldest);
      return statement;
    },
  };
}

function connect(path: string, mode: 'writer' | 'reader'): Database.Database {
  try {
    if (mode === 'writer' && path !== ':memory:') {
      mkdirSync(dirname(path), { recursive: true });
      closeSync(openSync(path, 'a', 0o600));
    }
    return new Database(path, {
      readonly: mode === 'reader',
      fileMustExist: mode === 'reader',
      timeout: openingTimeoutMs,
    });
  } catch (error) {
    throw storeUnavailable(`the database ${path} cannot be opened: ${codeOf(error)}`, error);
  }
}

function guardStatement(
  statement: Database.Statement,
  guarded: <Result>(work: () => Result) => Result,
): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => guarded(() => statement.all(...parameters)),
    run: (parameters) => guarded(() => statement.run(...parameters)),
    iterate: (parameters) => guarded(() => statement.iterate(...parameters)),
  };
}
