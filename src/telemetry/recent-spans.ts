import type { SpanContext } from '@opentelemetry/api';

/** Remembers which span made which decision, so that feedback can be bound to exactly that span. */
export interface RecentSpans {
  readonly remember: (decisionId: string, context: SpanContext) => void;
  readonly find: (decisionId: string) => SpanContext | undefined;
}

/** Keeps the newest `capacity` sampled spans; older ones are forgotten in the order they came. */
export function createRecentSpans(capacity: number): RecentSpans {
  const contexts = new Map<string, SpanContext>();
  return {
    remember: (decisionId, context) => {
      contexts.set(decisionId, context);
      if (contexts.size <= capacity) return;
      const oldest = contexts.keys().next();
      if (oldest.done !== true) contexts.delete(oldest.value);
    },
    find: (decisionId) => contexts.get(decisionId),
  };
}
