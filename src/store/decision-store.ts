import type { Decision } from '../domain/decision.ts';

/** Where decisions go. */
export interface DecisionStore {
  /** Stores a batch in one transaction; repeats of a decision id change nothing. Resolves pending feedback. */
  readonly recordDecisions: (decisions: readonly Decision[]) => Promise<void>;
  /** The first decision of an episode within a scope: its variant and the propensity of its draw. */
  readonly findEpisode: (scope: string, episodeId: string) => Promise<EpisodeRecord | undefined>;
}

export interface EpisodeRecord {
  readonly taskId: string;
  readonly variantId: string;
  readonly propensity: number;
  readonly planVersion: number;
}
