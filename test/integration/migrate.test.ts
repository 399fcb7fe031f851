import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { fakeFold } from '../../src/store/fake-fold.case.ts';
import { copiedTables } from '../../src/store/kysely/copy-tables.ts';
import { openDatabase } from '../../src/store/kysely/open-database.ts';
import { parseLocation } from '../../src/store/database-location.ts';
import {
  sampleCampaign,
  sampleDecision,
  sampleFeedback,
  sampleShadowRun,
  sampleTask,
  startMs,
} from '../../src/store/samples.case.ts';
import type { Store } from '../../src/store/store.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';

let folder: string;
let postgres: PostgresServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-migrate-'));
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const open = async (address: string, mode: 'writer' | 'reader' = 'reader'): Promise<Store> => {
  const location = parseLocation(address, (path) => path);
  if (location === undefined) throw new Error(`no location: ${address}`);
  const settings = { fold: fakeFold, clock: { now: () => startMs }, random: { next: () => 0.5 }, mode };
  return (await openDatabase(location, settings)).store;
};

const migrate = async (
  from: string,
  to: string,
): Promise<{ readonly code: number; readonly output: string; readonly errors: string }> => {
  let output = '';
  let errors = '';
  const code = await runProgram(['migrate', '--from', from, '--to', to], {
    environment: {},
    folder,
    print: (text) => (output += text),
    printError: (text) => (errors += text),
  });
  return { code, output, errors };
};

/** Something in every table that has to be kept. */
const fill = async (address: string): Promise<void> => {
  const store = await open(address, 'writer');
  await store.readSecret();
  await store.registerTask(sampleTask());
  const decisions = Array.from({ length: 1_100 }, (_, n) =>
    sampleDecision(`d${n}`, { propensity: 1 / (n + 3), segment: n % 2 === 0 ? 'Łódź "quoted" 😀' : null }),
  );
  await store.recordDecisions(decisions);
  const feedback = decisions
    .slice(0, 300)
    .map((decision, n) =>
      sampleFeedback(decision, { value: (n % 11) / 10, comment: 'fine', expected: 'billing' }),
    );
  await store.recordFeedback([...feedback, sampleFeedback('chatcmpl-unknown', { value: 1 })]);
  await store.addCampaign(sampleCampaign('c1'));
  await store.saveShadowRuns([sampleShadowRun('d1')]);
  await store.recordPairs([{ campaignId: 'c1', unitId: 'u1', differences: { primary: 0.5, refusal: -1 } }]);
  await store.addSpend('triage', 20_000, {
    usd: 0.1,
    shadowRequests: 2,
    optimizerCalls: 1,
    judgeCalls: 3,
    optimizerTokens: 900,
  });
  await store.close();
};

const evidence = async (address: string): Promise<unknown> => {
  const store = await open(address);
  const found = {
    snapshot: await store.readSnapshot(0),
    secret: await store.readSecret().catch(() => 'unreadable'),
    rewards: await store.readRewards('triage', 0, 10_000),
    traces: await store.readTraces({ taskId: 'triage', order: 'newest', limit: 10_000 }),
    campaigns: await store.readCampaigns('triage', 'all'),
    ledger: await store.readLedger('c1'),
    spend: await store.readTotalSpend('triage'),
    runs: await store.readShadowRuns('triage', sampleShadowRun('d1').variantId, ['d1']),
  };
  await store.close();
  return found;
};

describe('moving a database', () => {
  it('copies every table, to PostgreSQL and back, and may be repeated', async () => {
    const first = `sqlite:${join(folder, 'first.db')}`;
    const back = `sqlite:${join(folder, 'back.db')}`;
    const server = await postgres.createDatabase();
    await fill(first);
    const before = await evidence(first);
    for (let time = 0; time < 2; time += 1) {
      const { code, output } = await migrate(first, server);
      expect(code).toBe(0);
      for (const table of copiedTables) expect(output).toMatch(new RegExp(`${table}\\s+\\d+ rows  equal`));
      expect(output).not.toContain('ratchet:ratchet@');
    }
    expect(await evidence(server)).toEqual(before);
    expect((await migrate(server, back)).code).toBe(0);
    expect(await evidence(back)).toEqual(before);
    // Nobody has forgotten a table.
    const database = new Database(join(folder, 'first.db'), { readonly: true });
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' and name not like 'kysely_%'")
      .pluck()
      .all();
    database.close();
    expect(new Set(tables)).toEqual(new Set([...copiedTables, 'leases']));
  });

  it('says where source and target differ, and exits with 1', async () => {
    const source = `sqlite:${join(folder, 'source.db')}`;
    const target = `sqlite:${join(folder, 'target.db')}`;
    await fill(source);
    const store = await open(target, 'writer');
    await store.recordDecisions([sampleDecision('only-here')]);
    await store.close();
    const { code, output, errors } = await migrate(source, target);
    expect(code).toBe(1);
    expect(output).toMatch(/decisions\s+1100 rows {2}rows: 1100 became 1101/);
    expect(errors).toContain('decisions');
  });

  it.each([
    ['a source that is not there', 'sqlite:./nowhere.db', 'sqlite:./there.db'],
    ['an address of no database', 'mysql://db/prod', 'sqlite:./there.db'],
  ])('refuses %s, and makes nothing', async (_, from, to) => {
    const { code, errors } = await migrate(from, to);
    expect(code).toBe(2);
    expect(errors).toContain('--from');
  });
});
