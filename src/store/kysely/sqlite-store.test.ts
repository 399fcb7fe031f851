import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeFold } from '../fake-fold.case.ts';
import { describeStore } from '../store.case.ts';
import { openSqliteStore } from './sqlite-store.ts';

describeStore('sqlite store', async ({ clock, retentionMs }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-store-'));
  const path = join(folder, 'ratchet.db');
  const random = { next: () => 0.5 };
  const store = await openSqliteStore({ path, fold: fakeFold, clock, random, mode: 'writer', retentionMs });
  return { store, dispose: async () => rmSync(folder, { recursive: true }) };
});
