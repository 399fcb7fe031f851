import type Database from 'better-sqlite3';
import { closeSync, linkSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeUnavailable } from './sqlite-failure.ts';

/**
 * What became of the files of an open database.
 * - `gone`: there is no file at its path any more. What is open has no name, and ends with the process.
 * - `replaced`: another file is there.
 * - `journal-gone`: the write-ahead log or its index is not the one in use. What is only there ends with the process.
 */
export type FileFate = 'in-place' | 'gone' | 'replaced' | 'journal-gone';

/** The files of an open database, seen from outside. */
export interface DatabaseFile {
  readonly fate: () => FileFate;
  /**
   * Makes that the path leads to a whole database, and closes the open one, which must not be written to meanwhile: a
   * file that is gone is written anew with everything that was committed; what the log alone has goes into the
   * database; the log of a database that was replaced goes. Throws `store_unavailable`, with nothing closed, where disk
   * or folder do not allow it: then try again.
   */
  readonly settle: () => Promise<void>;
}

/** What SQLite keeps beside a database in use. */
const journals = ['-wal', '-shm'] as const;

/** Looks after the file of a database that was opened by a path. */
export function watchDatabaseFile(database: Database.Database, path: string): DatabaseFile {
  if (path === ':memory:') return { fate: () => 'in-place', settle: async () => {} };
  const opened = inodeOf(path);
  const journalsOpened = journals.map((suffix) => inodeOf(path + suffix));
  const fate = (): FileFate => {
    const found = inodeOf(path);
    if (found === undefined) return 'gone';
    if (found !== opened) return 'replaced';
    const isSame = journals.every((suffix, index) => inodeOf(path + suffix) === journalsOpened[index]);
    return isSame ? 'in-place' : 'journal-gone';
  };
  /** SQLite would take them for those of whichever database lies beside them. */
  const removeOldJournals = (): void => {
    for (const [index, suffix] of journals.entries())
      if (inodeOf(path + suffix) === journalsOpened[index]) rmSync(path + suffix, { force: true });
  };
  const settleAs = async (present: FileFate): Promise<void> => {
    const copy = `${path}.restored`;
    if (present === 'gone') await copyTo(database, copy);
    // What is committed is in the log, as long as nobody has brought it into the database.
    if (present === 'journal-gone') database.pragma('wal_checkpoint(truncate)');
    database.close();
    if (present !== 'in-place') removeOldJournals();
    if (present === 'gone') putInPlace(copy, path);
  };
  return {
    fate,
    settle: async () => {
      try {
        await settleAs(fate());
      } catch (error) {
        throw storeUnavailable('the database file cannot be put in order', error);
      }
    },
  };
}

/** Copies a database in portions, so that other work of the thread gets its turn. */
async function copyTo(database: Database.Database, copy: string): Promise<void> {
  mkdirSync(dirname(copy), { recursive: true });
  rmSync(copy, { force: true });
  closeSync(openSync(copy, 'wx', 0o600));
  try {
    await database.backup(copy);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}

/** A file that has come to the path meanwhile is somebody's, and stays. */
function putInPlace(copy: string, path: string): void {
  try {
    linkSync(copy, path);
  } catch (error) {
    if (inodeOf(path) === undefined) throw error;
  } finally {
    if (inodeOf(path) !== undefined) rmSync(copy, { force: true });
  }
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
