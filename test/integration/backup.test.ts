import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { banditFold } from '../../src/bandit/fold.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { findDamage } from '../../src/store/kysely/find-damage.ts';
import { sendAgain, startScoringClients } from './support/scoring-clients.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

const run = promisify(execFile);
let folder: string;
let upstream: SmallUpstream;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-backup-'));
  upstream = await startSmallUpstream();
});
afterAll(async () => {
  await upstream.close();
  rmSync(folder, { recursive: true });
});

const start = (): Promise<ServerProcess> =>
  startServerProcess({
    RATCHET_UPSTREAM: upstream.url,
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
  });

test('a SQLite database that was backed up under load and restored has everything acknowledged before, once', async () => {
  const server = await start();
  const clients = startScoringClients(server);
  await clients.more(100);
  const promised = [...clients.acknowledged()];
  const copy = join(folder, 'copy.db');
  const backup = [join(packageRoot(), 'bin/ratchet.js'), 'backup', copy];
  const { stdout } = await run(process.execPath, backup, {
    env: { RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}` },
  });
  expect(stdout).toContain(copy);
  await clients.more(50);
  await clients.stop();
  const later = clients.acknowledged().slice(promised.length);
  server.kill('SIGKILL');
  await server.exited;
  expect(await findDamage(copy, banditFold)).toEqual({ file: [], rows: [] });

  // As docs/operations.md has it: the log goes with its database, or SQLite would take it for that of the copy.
  mkdirSync(join(folder, 'old'));
  for (const suffix of ['', '-wal', '-shm'])
    renameSync(join(folder, `ratchet.db${suffix}`), join(folder, 'old', `ratchet.db${suffix}`));
  renameSync(copy, join(folder, 'ratchet.db'));
  const restored = await start();
  await restored.logged('ready');
  expect(await sendAgain(restored, promised)).toEqual({ duplicate: promised.length });
  // The copy has the secret too, so that ids given out since are still good: what was lost can be sent again.
  const outcomes = await sendAgain(restored, later);
  expect((outcomes['counted'] ?? 0) + (outcomes['duplicate'] ?? 0)).toBe(later.length);
  expect(outcomes['counted']).toBeGreaterThan(0);
  expect(await sendAgain(restored, later)).toEqual({ duplicate: later.length });
  restored.kill('SIGTERM');
  expect(await restored.exited).toBe(0);
});
