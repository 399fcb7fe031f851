import { sql, Kysely } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Commit } from './context.ts';
import { createGroupCommit } from './group-commit.ts';
import { openSqliteDatabase, type OpenDatabase } from './sqlite-database.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import type { Schema } from './schema.ts';

let folder: string;
let database: OpenDatabase;
let db: Kysely<Schema>;
let commit: Commit;
let commits: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-group-'));
  database = openSqliteDatabase(join(folder, 'group.db'), 'writer');
  commits = 0;
  db = new Kysely<Schema>({
    dialect: createSqliteDialect(database),
    log: ({ query }) => {
      commits += Number(query.sql.toLowerCase() === 'commit');
    },
  });
  await sql`create table notes (text text primary key)`.execute(db);
  commit = createGroupCommit(db);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const note =
  (text: string): Parameters<Commit>[0] =>
  async (write) => {
    await sql`insert into notes values (${text})`.execute(write);
    return text;
  };

async function notes(): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`select text from notes order by rowid`.execute(db);
  return rows.map(({ text }) => text);
}

describe('group commit', () => {
  it('brings pieces that wait together to disk together, in their order', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `note ${index}`);
    expect(await Promise.all(texts.map((text) => commit(note(text))))).toEqual(texts);
    expect(await notes()).toEqual(texts);
    expect(commits).toBeLessThanOrEqual(2);
  });

  it('undoes a piece that fails alone, and tells its caller alone', async () => {
    const failing = commit(async (write) => {
      await sql`insert into notes values ('half')`.execute(write);
      throw new RangeError('no');
    });
    const outcomes = await Promise.allSettled([
      commit(note('a')),
      failing,
      commit(note('b')),
      commit(note('a')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: new RangeError('no') });
    expect(await notes()).toEqual(['a', 'b']);
  });

  it('tells nobody of success when the commit does not reach the disk', async () => {
    const outcomes = await Promise.allSettled([
      commit(note('a')),
      commit(async (write) => {
        // What a full disk does: the whole transaction is gone.
        await sql`rollback`.execute(write);
      }),
      commit(note('b')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await notes()).toEqual(['b']);
  });

  it('does not make a piece wait for more than a group', async () => {
    const order: string[] = [];
    const pieces = Array.from({ length: 100 }, (_, index) => commit(note(`${index}`)));
    pieces[0]?.then(() => order.push('first')).catch(() => {});
    pieces[99]?.then(() => order.push('last')).catch(() => {});
    await Promise.all(pieces);
    expect(order).toEqual(['first', 'last']);
    expect(commits).toBeGreaterThanOrEqual(4);
  });
});
