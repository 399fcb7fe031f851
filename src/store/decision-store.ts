import type { Decision } from '../domain/decision.ts';

/** Where decisions go. */
export interface DecisionStore {
  /** Stores a batch in one transaction; repeats of a decision id change nothing. Resolves pending feedback. */
  readonly recordDecisions: (decisions: readonly Decision[]) => Promise<void>;
  /**
   * What was drawn for an episode within a scope, by episode id, else by conversation key (the newest one that had it),
   * else by the completion id of one of its decisions.
   * An episode may have requests of several tasks, each with a draw of its own; without `taskId` the first counts.
   * Episodes without any drawn decision are not found: there is nothing that a later turn could inherit.
   */
  readonly findEpisode: (scope: string, key: string, taskId?: string) => Promise<EpisodeRecord | undefined>;
}

/** What later turns inherit. */
export interface EpisodeRecord {
  readonly episodeId: string;
  readonly taskId: string;
  readonly variantId: string;
  readonly propensity: number;
  readonly planVersion: number;
}
