import type { ChatSpan } from '../telemetry/telemetry.ts';
import { isEventStream } from './answer-events.ts';
import type { DecisionIds } from './decision-id.ts';
import { flatHeaderOf } from './header-of.ts';
import { recordCall, type CallRecorder } from './record-call.ts';
import type { ResponseObserver } from './relay-response.ts';
import type { RequestBody } from './request-body.ts';
import { createResponseTap } from './response-tap.ts';
import type { RoutedRoute } from './route-result.ts';
import { createUsageStripper } from './strip-usage.ts';
import { headerText } from './task-name.ts';

/** What looking on works with. */
export interface CallObserving extends CallRecorder {
  readonly ids: DecisionIds;
  readonly stopwatch: () => number;
}

/** A routed call on its way. */
export interface StartedCall {
  readonly body: RequestBody;
  readonly route: RoutedRoute;
  readonly span: ChatSpan;
  /** By the stopwatch: when the request had arrived. */
  readonly startedAt: number;
}

/** Notes what passes, and records it when all has passed. */
export function observeCall(
  observing: CallObserving,
  { body, route, span, startedAt }: StartedCall,
): ResponseObserver {
  const { stopwatch, ids } = observing;
  const tap = createResponseTap();
  const overheadMs = stopwatch() - startedAt;
  let status = 0;
  let contentType: string | undefined;
  let contentEncoding: string | undefined;
  let firstByteMs: number | null = null;
  return {
    addedHeaders: () => [
      'x-ratchet-decision',
      ids.sign(route.ref),
      'x-ratchet-task',
      headerText(route.taskName),
      'x-ratchet-variant',
      route.ref.variantId,
      'server-timing',
      `ratchet;dur=${overheadMs.toFixed(2)}`,
    ],
    onHead: (headStatus, headers, served) => {
      status = headStatus;
      contentType = flatHeaderOf(headers, 'content-type');
      contentEncoding = flatHeaderOf(headers, 'content-encoding');
      // Compressed in spite of having been asked not to, it passes with its usage rather than not at all.
      const isPlain = contentEncoding === undefined || contentEncoding.toLowerCase() === 'identity';
      return served.isUsageRequested && isPlain && isEventStream(contentType) ? createUsageStripper() : null;
    },
    onChunk: (chunk) => {
      if (firstByteMs === null) {
        firstByteMs = stopwatch() - startedAt;
        span.firstChunk(firstByteMs);
        const id = isEventStream(contentType) ? body.format.announcedId(chunk) : null;
        if (id !== null) observing.router.begin(route, id);
      }
      tap.add(chunk);
    },
    onOver: (failure) => {
      recordCall(observing, {
        route,
        body,
        span,
        tap,
        status,
        contentType,
        contentEncoding,
        failure,
        latencyMs: stopwatch() - startedAt,
        firstByteMs,
        overheadMs,
      });
    },
  };
}
