/** What became of drawn episodes: what credit and the watch over guardrails and segments read. */
export interface OutcomeStore {
  /** Drawn episodes that match, by the moment they were decided, then by id, in the order asked for. */
  readonly readEpisodeOutcomes: (query: OutcomeQuery) => Promise<readonly EpisodeOutcome[]>;
}

export interface OutcomeQuery {
  readonly taskId: string;
  /** Decided strictly after / at or before these times. Default: at any time. */
  readonly afterMs?: number;
  readonly untilMs?: number;
  /** Only episodes drawn under a plan of this version or a newer one. */
  readonly planVersionMin?: number;
  /** Only episodes with a reward. */
  readonly hasReward?: true;
  /** Only episodes whose observation window has closed: most of what will be said of them has been said. */
  readonly isSettled?: true;
  readonly order: 'newest' | 'oldest';
  readonly limit: number;
}

/** An episode as it stands now, every correction so far included. */
export interface EpisodeOutcome {
  readonly episodeId: string;
  readonly variantId: string;
  /** Probability in (0, 1] with which the variant was drawn. */
  readonly propensity: number;
  readonly planVersion: number;
  readonly decidedAtMs: number;
  /** Of its first recorded request; `null` where none was named, or nothing is recorded any more. */
  readonly segment: string | null;
  /** What the bandit was told, in [0, 1]: the mean over requests with a reward; `null` without one. */
  readonly reward: number | null;
  /** Newest value of each metric in its own unit, the mean over the requests that have one. */
  readonly values: Readonly<Record<string, number>>;
  /** Means over its recorded requests that upstream answered (status 2xx); `null` where nothing is known. */
  readonly latencyMs: number | null;
  readonly costUsd: number | null;
}
