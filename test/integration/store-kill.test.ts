import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { banditFold } from '../../src/bandit/fold.ts';
import { sampleDecision, sampleFeedback, startMs } from '../../src/store/samples.case.ts';
import { openSqliteStore } from '../../src/store/kysely/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';

const load = new URL('support/feedback-load.ts', import.meta.url).pathname;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, 'ratchet.db');
const openStore = (): Promise<Store> =>
  openSqliteStore({
    path: path(),
    fold: banditFold,
    clock: { now: () => startMs },
    random: { next: () => 0.5 },
    mode: 'writer',
  });

/** Starts the load; resolves with what it acknowledged before it was killed. */
async function runUntilKilled(first: number, afterMs: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [load, path(), String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: number[] = [];
  const lines = createInterface({ input: child.stdout });
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  lines.on('line', (line) => {
    if (line === 'opened') resolve();
    else acknowledged.push(Number(line));
  });
  await Promise.race([opened, once(child, 'exit')]);
  await delay(afterMs);
  child.kill('SIGKILL');
  await Promise.all([once(lines, 'close'), child.exitCode === null ? once(child, 'exit') : undefined]);
  return acknowledged;
}

describe('a store whose process is killed while feedback comes in', () => {
  it('has every feedback that it acknowledged, counted once', async () => {
    let next = 0;
    let acknowledged = 0;
    for (const afterMs of [150, 230, 310, 180]) {
      const batches = await runUntilKilled(next, afterMs);
      expect(batches.length).toBeGreaterThan(0);
      const store = await openStore();
      for (const batch of batches) {
        const decisions = [0, 1, 2].map((index) => sampleDecision(`d${batch}-${index}`));
        const again = decisions.map((decision) =>
          sampleFeedback(decision.completionId ?? '', { value: (batch % 5) / 4 }),
        );
        // The last batch may still wait for decisions whose recording the kill cut off.
        await store.recordDecisions(decisions);
        const outcomes = (await store.recordFeedback(again)).map(({ outcome }) => outcome);
        expect(outcomes).toEqual(['duplicate', 'duplicate', 'duplicate']);
      }
      acknowledged += 3 * batches.length;
      next = (batches.at(-1) ?? next) + 2;
      const { bandit } = (await store.readTask('triage')) ?? expect.fail('the task is gone');
      const events = await store.readRewards('triage', 0, 1_000_000);
      expect(bandit.feedbacks).toBe(events.length);
      expect(new Set(events.map(({ episodeId }) => episodeId)).size).toBe(events.length);
      expect(bandit.feedbacks).toBeGreaterThanOrEqual(acknowledged);
      await store.close();
    }
  });

  it('is migrated once by processes that start at the same time', async () => {
    const acknowledged = await Promise.all([0, 1000, 2000].map((first) => runUntilKilled(first, 300)));
    const store = await openStore();
    const events = await store.readRewards('triage', 0, 1_000_000);
    const counted = new Set(events.map(({ episodeId }) => episodeId));
    const evenBatches = acknowledged.flat().filter((batch) => batch % 2 === 0);
    expect(evenBatches.length).toBeGreaterThan(0);
    for (const batch of evenBatches) expect(counted).toContain(`d${batch}-2`);
    expect((await store.readTask('triage'))?.bandit.feedbacks).toBe(events.length);
    await store.close();
  });
});
