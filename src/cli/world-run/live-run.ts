import { RatchetError } from '../../domain/ratchet-error.ts';
import { systemClock } from '../../runtime/system-clock.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import { startWorld } from '../../upstream/simulated/running-world.ts';
import type { World } from '../../upstream/simulated/world.ts';
import { startWorldServer } from '../../upstream/simulated/world-server.ts';
import { actLive } from './act-live.ts';
import { createLiveAgent, inTurn } from './live-agent.ts';
import { startLooking, type LiveTick } from './live-look.ts';
import type { LiveServers, ServedWorld } from './live-servers.ts';
import type { RunReport } from './run-report.ts';
import { watchRun } from './watch-run.ts';

/** A run in real time: a world's server, Ratchet before it, and an agent. */
export interface LiveRunOptions {
  readonly world: World;
  readonly seed: number;
  readonly requests: number;
  /** Starts Ratchet. */
  readonly startServers: (served: ServedWorld) => Promise<LiveServers>;
  readonly onTick: (tick: LiveTick) => void;
  /** Stops the agent early. */
  readonly signal: AbortSignal;
}

export interface LiveRun {
  readonly report: RunReport;
  /** What served at the end. */
  readonly snapshot: TaskSnapshot | undefined;
  /** Ratchet's addresses, for as long as it is not closed. */
  readonly urls: readonly string[];
  readonly worldUrl: string;
  readonly close: () => Promise<void>;
}

/** Runs a world against real servers on free ports, which the agent asks in turn. */
export async function runLive(options: LiveRunOptions): Promise<LiveRun> {
  const { world, seed, requests } = options;
  const running = startWorld(world, seed);
  const upstream = await startWorldServer(running, { clock: systemClock });
  let servers: LiveServers | undefined;
  const close = async (): Promise<void> => {
    await servers?.close();
    await upstream.close();
  };
  try {
    servers = await options.startServers({ world, requests, upstream: upstream.url });
    const { urls, reader, requestsPerSecond } = servers;
    const agent = inTurn(urls.map((url) => createLiveAgent(url, world.name)));
    const watch = watchRun(running, reader, requests);
    const looking = startLooking({ reader, watch, onTick: options.onTick });
    await actLive({ running, upstream, agent, watch, looking, requestsPerSecond }, options);
    await looking.stop();
    const { snapshot } = looking.seen();
    if (snapshot === undefined)
      throw new RatchetError('internal', 'stopped before its end, and before any request was stored');
    return { report: await watch.report(), snapshot, urls, worldUrl: upstream.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
