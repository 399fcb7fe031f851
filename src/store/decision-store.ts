import type { Decision } from '../domain/decision.ts';

/** Where decisions go. */
export interface DecisionStore {
  /** Stores a batch in one transaction; repeats of a decision id change nothing. Resolves pending feedback. */
  readonly recordDecisions: (decisions: readonly Decision[]) => Promise<void>;
  /** The first decision of an episode within a scope, by episode id or conversation key. */
  readonly findEpisode: (scope: string, key: string) => Promise<EpisodeRecord | undefined>;
}

/** What later turns inherit. */
export interface EpisodeRecord {
  readonly episodeId: string;
  readonly taskId: string;
  readonly variantId: string;
  readonly propensity: number;
  readonly planVersion: number;
}
