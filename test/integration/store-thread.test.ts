import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startStoreThread, type StoreThread } from '../../src/composition/store-thread.ts';
import { silentLogger } from '../../src/domain/logger.ts';

let folder: string;
let thread: StoreThread;
let openings: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-thread-'));
  openings = 0;
  thread = startStoreThread(
    new URL('./support/mortal-store.worker.ts', import.meta.url),
    {
      database: { kind: 'sqlite', path: join(folder, 'ratchet.db') },
      retentionMs: 1000,
      sweepMs: 1000,
      clockOffset: new SharedArrayBuffer(8),
      logLevel: 'silent',
    },
    { logger: silentLogger, onSwept: () => {} },
  );
  thread.onOpened(() => (openings += 1));
});

afterEach(async () => {
  await thread.stop(2000);
  rmSync(folder, { recursive: true });
});

const outcome = (): Promise<string> =>
  thread.store.ping().then(
    () => 'commits',
    (error: { code?: string; isRetryable?: boolean }) => `${error.code}, retryable: ${error.isRetryable}`,
  );

async function untilPingIs(expected: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await outcome()) !== expected) {
    if (Date.now() > deadline) throw new Error(`ping never was "${expected}"`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a store thread that dies answers as unavailable, comes back, and has kept what it stored', async () => {
  await untilPingIs('commits');
  const secret = await thread.store.readSecret();
  writeFileSync(join(folder, 'ratchet.db.die'), '');
  await untilPingIs('store_unavailable, retryable: true');
  rmSync(join(folder, 'ratchet.db.die'));
  await untilPingIs('commits');
  expect(openings).toBeGreaterThan(1);
  expect(await thread.store.readSecret()).toBe(secret);
});

test('a stopped thread is not replaced', async () => {
  await untilPingIs('commits');
  await thread.stop(2000);
  expect(await outcome()).toBe('store_unavailable, retryable: true');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await outcome()).toBe('store_unavailable, retryable: true');
});
