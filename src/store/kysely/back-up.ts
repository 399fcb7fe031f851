import Database from 'better-sqlite3';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, storeUnavailable } from './sqlite-failure.ts';

/** How long the start of a backup waits for another connection's lock, milliseconds. */
const lockMsMax = 5_000;

/**
 * Copies a SQLite database, in use or not, as it is at one moment: everything committed before is in the copy, nothing
 * that comes later, and writers need not wait. Returns the copy's size in bytes.
 *
 * `vacuum into` reads within one transaction, where SQLite's online backup begins anew whenever somebody writes, and so
 * might never end beside a busy server. The copy is one file without a log, readable by its owner only, since it holds
 * the signing secret and what users wrote. It takes its name when all of it is on disk; a file that has the name already
 * is not touched. Throws `store_unavailable` where file or disk do not allow it, or a page is damaged; then there is no
 * copy.
 */
export function backUpDatabase(path: string, copy: string): number {
  if (existsSync(copy)) throw storeUnavailable(`${copy} exists already`);
  const partial = `${copy}.partial`;
  try {
    rmSync(partial, { force: true });
    closeSync(openSync(partial, 'wx', 0o600));
    vacuumInto(path, partial);
    syncToDisk(partial);
    renameSync(partial, copy);
    syncToDisk(dirname(copy));
    return statSync(copy).size;
  } catch (error) {
    rmSync(partial, { force: true });
    throw storeUnavailable(`${path} cannot be copied to ${copy}: ${codeOf(error)}`, error);
  }
}

function vacuumInto(path: string, copy: string): void {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: lockMsMax });
  try {
    database.prepare('vacuum into ?').run(copy);
  } finally {
    database.close();
  }
}

function syncToDisk(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
