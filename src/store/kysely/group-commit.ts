import { sql, type Kysely } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import type { Commit, Write } from './context.ts';
import type { Schema } from './schema.ts';
import { isCorrupt, isLockHeld, storeUnavailable } from './sqlite-failure.ts';

/** Pieces that share a commit at most, so that none waits long for others. */
const groupMax = 32;

/** How long a group waits for somebody else's lock, and between two attempts, milliseconds. Reads go on meanwhile. */
const lockMsMax = 2000;
const lockPauseMs = 20;

/** A piece that waits. */
interface Job {
  /** Does the work; the returned function tells the caller of its success, once it is on disk. */
  readonly run: (write: Write) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: pieces that wait at the same moment share one transaction, since bringing a commit to disk costs more
 * than most pieces of work. They run one after the other in the order in which they came, each inside a savepoint: one
 * that fails is undone alone and rejects alone. Nobody is told of success before the commit is on disk, and the disk's
 * file is the one that will be found again (`isInPlace`); if that fails, all of the group reject. A piece that meets a
 * damaged page spoils its transaction: then each of the others gets one of its own.
 */
export function createGroupCommit(db: Kysely<Schema>, isInPlace: () => boolean = () => true): Commit {
  const waiting: Job[] = [];
  let isWorking = false;
  const work = async (): Promise<void> => {
    isWorking = true;
    while (waiting.length > 0) await commitGroup(db, waiting, isInPlace);
    isWorking = false;
  };
  return async (piece) =>
    await new Promise((resolve, reject) => {
      const run = async (write: Write): Promise<() => void> => {
        const result = await piece(write);
        return () => resolve(result);
      };
      waiting.push({ run, reject });
      if (!isWorking) void work();
    });
}

/** Runs what waits, and what comes meanwhile, in one transaction. Never rejects. */
async function commitGroup(db: Kysely<Schema>, waiting: Job[], isInPlace: () => boolean): Promise<void> {
  const taken: Job[] = [];
  const failed = new Set<Job>();
  const tellSuccess: (() => void)[] = [];
  try {
    await onceUnlocked(
      () =>
        db.transaction().execute(async (write) => {
          for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
            taken.push(job);
            const told = await runInSavepoint(job, write);
            if (told === 'failed') failed.add(job);
            else tellSuccess.push(told);
            if (taken.length === groupMax) return;
          }
        }),
      () => taken.length === 0,
    );
    if (!isInPlace()) throw storeUnavailable('the database file was moved, replaced or removed');
    for (const tell of tellSuccess) tell();
  } catch (error) {
    // Where not even a transaction could be begun, those who wait need not find out one by one.
    const concerned = taken.length > 0 ? taken.filter((job) => !failed.has(job)) : waiting.splice(0);
    if (isCorrupt(error) && taken.length > 1)
      for (const job of concerned) await commitGroup(db, [job], isInPlace);
    else for (const { reject } of concerned) reject(error);
  }
}

/** Tries again while somebody else has the lock and nothing has been run. */
async function onceUnlocked(transaction: () => Promise<void>, isUntouched: () => boolean): Promise<void> {
  const givesUpAt = performance.now() + lockMsMax;
  for (;;) {
    try {
      return await transaction();
    } catch (error) {
      if (!isLockHeld(error) || !isUntouched() || performance.now() >= givesUpAt) throw error;
      await delay(lockPauseMs);
    }
  }
}

/** Returns what tells the caller of success; one that failed has been told. */
async function runInSavepoint(job: Job, write: Write): Promise<(() => void) | 'failed'> {
  await sql`savepoint piece`.execute(write);
  let outcome: (() => void) | 'failed' = 'failed';
  try {
    outcome = await job.run(write);
  } catch (error) {
    // If the whole transaction is gone, on a full disk, this throws and ends the group.
    await sql`rollback to savepoint piece`.execute(write);
    job.reject(error);
  }
  await sql`release savepoint piece`.execute(write);
  return outcome;
}
