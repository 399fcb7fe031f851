import type { Attribution } from '../domain/decision.ts';

/** What the turns of an episode share. */
export interface Episode {
  readonly episodeId: string;
  readonly variantId: string;
  readonly propensity: number;
  readonly planVersion: number;
  readonly attribution: Attribution;
}

/** An episode keeps one variant for each task that it calls on. */
export interface EpisodeOwner {
  readonly scope: string;
  readonly taskId: string;
}

/** One text of a scope and something in it. */
export function scopedKey(scope: string, ...parts: readonly string[]): string {
  return [scope, ...parts].join('\n');
}
