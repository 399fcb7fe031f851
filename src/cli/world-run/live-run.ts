import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { banditFold } from '../../bandit/fold.ts';
import { startServer } from '../../main.ts';
import { systemClock } from '../../runtime/system-clock.ts';
import { createSystemRandom } from '../../runtime/system-random.ts';
import { openSqliteStore } from '../../store/kysely/sqlite-store.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import type { Store } from '../../store/store.ts';
import { startWorld } from '../../upstream/simulated/running-world.ts';
import type { World } from '../../upstream/simulated/world.ts';
import { startWorldServer } from '../../upstream/simulated/world-server.ts';
import { actLive } from './act-live.ts';
import { demoConfig } from './demo-config.ts';
import { createLiveAgent } from './live-agent.ts';
import { startLooking, type LiveTick } from './live-look.ts';
import type { RunReport } from './run-report.ts';
import { watchRun } from './watch-run.ts';

/** A run in real time: a world's server, Ratchet before it, and an agent. */
export interface LiveRunOptions {
  readonly world: World;
  readonly seed: number;
  readonly requests: number;
  readonly onTick: (tick: LiveTick) => void;
  /** Stops the agent early. */
  readonly signal: AbortSignal;
}

export interface LiveRun {
  readonly report: RunReport;
  /** What served at the end. */
  readonly snapshot: TaskSnapshot | undefined;
  /** Ratchet's address, for as long as it is not closed. */
  readonly url: string;
  readonly worldUrl: string;
  readonly close: () => Promise<void>;
}

/** Pauses of learner and gate: this run packs days into a minute. */
const pauses = { learnerMs: 100, gateMs: 25 };

/** Runs a world against a real server on free ports, with its database in a temporary folder. */
export async function runLive(options: LiveRunOptions): Promise<LiveRun> {
  const { world, seed, requests } = options;
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-demo-'));
  const running = startWorld(world, seed);
  const upstream = await startWorldServer(running, { clock: systemClock });
  const server = await startServer(demoConfig(world, { upstream: upstream.url, folder, requests }), {
    environment: {},
    ...pauses,
  });
  const reader = await openReader(join(folder, 'ratchet.db'));
  const close = async (): Promise<void> => {
    await reader.close();
    await server.close();
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const agent = createLiveAgent(server.url, world.name);
    const watch = watchRun(running, reader, requests);
    const looking = startLooking({ reader, watch, onTick: options.onTick });
    await actLive({ running, upstream, agent, watch, looking }, options);
    await looking.stop();
    const { snapshot } = looking.seen();
    return { report: await watch.report(), snapshot, url: server.url, worldUrl: upstream.url, close };
  } catch (error) {
    await close();
    throw error;
  }
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
