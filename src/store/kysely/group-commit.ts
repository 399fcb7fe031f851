import { sql, type Kysely } from 'kysely';
import type { Commit, Write } from './context.ts';
import type { Schema } from './schema.ts';

/** Pieces that share a commit at most, so that none waits long for others. */
const groupMax = 32;

/** A piece that waits. */
interface Job {
  /** Does the work; the returned function tells the caller of its success, once it is on disk. */
  readonly run: (write: Write) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: pieces that wait at the same moment share one transaction, since bringing a commit to disk costs more
 * than most pieces of work. They run one after the other in the order in which they came, each inside a savepoint: one
 * that fails is undone alone and rejects alone. Nobody is told of success before the commit is on disk; if that fails,
 * all of the group reject.
 */
export function createGroupCommit(db: Kysely<Schema>): Commit {
  const waiting: Job[] = [];
  let isWorking = false;
  const work = async (): Promise<void> => {
    isWorking = true;
    while (waiting.length > 0) await commitGroup(db, waiting);
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
async function commitGroup(db: Kysely<Schema>, waiting: Job[]): Promise<void> {
  const taken: Job[] = [];
  const tellSuccess: (() => void)[] = [];
  try {
    await db.transaction().execute(async (write) => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        taken.push(job);
        await runInSavepoint(job, write, tellSuccess);
        if (taken.length === groupMax) return;
      }
    });
    for (const tell of tellSuccess) tell();
  } catch (error) {
    // Where not even a transaction could be begun, those who wait need not find out one by one. A piece that has been
    // told of a failure of its own does not hear of this one.
    const concerned = taken.length > 0 ? taken : waiting.splice(0, groupMax);
    for (const { reject } of concerned) reject(error);
  }
}

async function runInSavepoint(job: Job, write: Write, tellSuccess: (() => void)[]): Promise<void> {
  await sql`savepoint piece`.execute(write);
  try {
    tellSuccess.push(await job.run(write));
  } catch (error) {
    // If the whole transaction is gone, on a full disk, this throws and ends the group.
    await sql`rollback to savepoint piece`.execute(write);
    job.reject(error);
  }
  await sql`release savepoint piece`.execute(write);
}
