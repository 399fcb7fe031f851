import type { LearningPauses } from '../../composition/learning.ts';
import type { Store } from '../../store/store.ts';
import type { World } from '../../upstream/simulated/world.ts';

/** Ratchet as a live run uses it. */
export interface LiveServers {
  /** Addresses that serve, all of them the same. */
  readonly urls: readonly string[];
  /** Slow enough that learner and gate keep up on two cores. */
  readonly requestsPerSecond: number;
  /** The database, for looking at it from outside. */
  readonly reader: Store;
  /** Ends everything that was started, and removes what was made. */
  readonly close: () => Promise<void>;
}

/** What servers are started for. */
export interface ServedWorld {
  readonly world: World;
  /** The world's server. */
  readonly upstream: string;
  /** Requests of the run. */
  readonly requests: number;
}

/** Pauses of learner and gate: a run packs days into a minute. */
export const livePauses: LearningPauses = { learnerMs: 100, gateMs: 25 };
