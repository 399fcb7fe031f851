import type { Series } from './series.ts';

/**
 * What `simulate --json` and `demo --json` print. Values are true ones, known to the world and never to the product:
 * the chance of a right answer, in [0, 1].
 */
export interface RunReport {
  readonly world: string;
  readonly seed: number;
  readonly requests: number;
  /** Feedback values delivered. */
  readonly feedback: number;
  /** True values after the last request: of the agent's own prompt, of the incumbent, of the best variant proposed. */
  readonly baseline: number;
  readonly final: number;
  readonly best: number;
  readonly trueMeanReward: Series;
  /** Against the best arm admitted at that request; the total is a sum. */
  readonly regret: Series;
  /** Had each request been spread evenly over the admitted arms. */
  readonly uniform: Series;
  readonly baselineOnly: Series;
  readonly campaigns: CampaignCounts;
  /** Promotions whose new incumbent was truly worse than the old one at that moment. */
  readonly harmfulPromotions: number;
  readonly rollbacks: readonly RollbackReport[];
  readonly alarms: readonly AlarmReport[];
  readonly shadowRequests: number;
  readonly optimizerCalls: number;
  readonly judgeCalls: number;
  readonly optimizerTokens: number;
  readonly usd: number;
}

/** Counts of events: a promotion that was rolled back later counts in both. */
export interface CampaignCounts {
  readonly proposed: number;
  readonly screened_out: number;
  readonly rejected: number;
  readonly inconclusive: number;
  readonly promoted: number;
  readonly rolled_back: number;
}

export interface RollbackReport {
  readonly atRequest: number;
  readonly from: string;
  readonly to: string;
  readonly cause: 'regression' | 'undecided';
  /** Requests since the later of the last shift and the promotion. */
  readonly delay: number;
}

export interface AlarmReport {
  readonly atRequest: number;
  readonly cause: 'regression' | 'upstream-drift' | 'undecided';
  readonly action: string;
  readonly delay: number;
}
