import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { banditFold } from '../../bandit/fold.ts';
import { startServer } from '../../main.ts';
import { systemClock } from '../../runtime/system-clock.ts';
import { createSystemRandom } from '../../runtime/system-random.ts';
import { openSqliteStore } from '../../store/kysely/sqlite-store.ts';
import type { Store } from '../../store/store.ts';
import { demoConfig } from './demo-config.ts';
import { livePauses, type LiveServers, type ServedWorld } from './live-servers.ts';

/** One server in this process, with its database in a temporary folder. */
export async function startSingleServer({ world, upstream, requests }: ServedWorld): Promise<LiveServers> {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-demo-'));
  const config = demoConfig(world, { upstream, folder, requests });
  const server = await startServer(config, { environment: {}, ...livePauses });
  const reader = await openReader(join(folder, 'ratchet.db'));
  return {
    urls: [server.url],
    requestsPerSecond: 150,
    reader,
    close: async () => {
      await reader.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The database appears when the store thread has made it. */
async function openReader(path: string): Promise<Store> {
  const settings = {
    path,
    fold: banditFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'reader',
  } as const;
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    try {
      return await openSqliteStore(settings);
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await sleep(50);
    }
  }
}
