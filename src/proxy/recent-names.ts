import { LRUCache } from 'lru-cache';
import type { Decision } from '../domain/decision.ts';

/** Names kept in memory; an older one is resolved by the store alone. */
const namesMax = 20_000;

/** What is known of a name that feedback may give. */
export interface KnownName {
  readonly scope: string;
  /** `null` for an episode, which may call on several tasks. */
  readonly decision: {
    readonly decisionId: string;
    readonly taskId: string;
    readonly taskName: string;
    readonly traceId: string | null;
  } | null;
}

/** Completion and episode ids of late, so that feedback can be checked against its task before it is stored. */
export interface RecentNames {
  readonly remember: (decision: Decision, taskName: string) => void;
  readonly find: (name: string) => KnownName | undefined;
}

/** A bounded memory. */
export function createRecentNames(): RecentNames {
  const names = new LRUCache<string, KnownName>({ max: namesMax });
  return {
    remember: ({ scope, decisionId, taskId, traceId, completionId, episodeId }, taskName) => {
      if (episodeId !== decisionId) names.set(episodeId, { scope, decision: null });
      if (completionId !== null)
        names.set(completionId, { scope, decision: { decisionId, taskId, taskName, traceId } });
    },
    find: (name) => names.get(name),
  };
}
