import type { IdGenerator } from '@opentelemetry/sdk-trace-node';

/** An id generator whose next trace and span id can be chosen. */
export interface ForcedIds extends IdGenerator {
  /** Runs `start`, which begins at most one span; that span takes the ids given here. */
  readonly within: <T>(ids: { readonly traceId: string; readonly spanId?: string }, start: () => T) => T;
}

/** Chooses ids only inside `within`; everything else comes from `random`. Spans begin synchronously, so no two mix. */
export function createForcedIds(random: IdGenerator): ForcedIds {
  let forced: { readonly traceId: string; readonly spanId?: string } | null = null;
  return {
    generateTraceId: () => forced?.traceId ?? random.generateTraceId(),
    generateSpanId: () => forced?.spanId ?? random.generateSpanId(),
    within: (ids, start) => {
      forced = ids;
      try {
        return start();
      } finally {
        forced = null;
      }
    },
  };
}
