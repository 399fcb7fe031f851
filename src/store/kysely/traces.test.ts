import { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { fakeFold } from '../fake-fold.case.ts';
import { sampleDecision, sampleTask, startMs } from '../samples.case.ts';
import { createKyselyStore } from './kysely-store.ts';
import { migrate } from './migrations.ts';
import type { Schema } from './schema.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { kyselyTraces } from './traces.ts';

test('no more traces are read than have as much text as may be held, newest or oldest first, and at least one', async () => {
  const database = openSqliteDatabase(':memory:', 'writer');
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(database) });
  await migrate(db);
  const settings = { db, random: { next: () => 0.5 }, retentionMs: 1000 };
  const store = createKyselyStore(
    { ...settings, rules: () => ({ fold: fakeFold, nowMs: startMs }) },
    async () => database.close(),
  );
  await store.registerTask(sampleTask());
  const completion = { text: '', toolCalls: [], finishReason: 'stop', refusal: null };
  for (let index = 0; index < 10; index++) {
    // Letters of two bytes: it is bytes that count.
    const messages = [{ role: 'user', content: 'ü'.repeat(5000) }];
    const content = { request: { model: 'small-1', messages }, slots: {}, completion };
    await store.recordDecisions([sampleDecision(`d${index}`, { content, atMs: startMs + index })]);
  }
  const read = async (bytesMax: number, order: 'newest' | 'oldest'): Promise<readonly string[]> => {
    const traces = await kyselyTraces({ db, onDamage: () => {} }, bytesMax).readTraces({
      taskId: 'triage',
      order,
      limit: 8,
    });
    return traces.map(({ decision }) => decision.decisionId);
  };
  expect(await read(35_000, 'oldest')).toEqual(['d0', 'd1', 'd2']);
  expect(await read(35_000, 'newest')).toEqual(['d9', 'd8', 'd7']);
  expect(await read(10, 'oldest')).toEqual(['d0']);
  expect(await read(1_000_000, 'oldest')).toHaveLength(8);
  await store.close();
});
