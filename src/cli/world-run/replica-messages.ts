import type { LearningPauses } from '../../composition/learning.ts';
import type { Config } from '../../configuration/config.ts';

/** What a replica is told first. */
export interface ReplicaStart {
  readonly config: Config;
  readonly pauses: LearningPauses;
}

/** What a replica answers. */
export type FromReplica =
  { readonly kind: 'listening'; readonly url: string } | { readonly kind: 'failed'; readonly fault: string };
