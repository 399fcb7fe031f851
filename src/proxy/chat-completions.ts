import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatSpan } from '../telemetry/telemetry.ts';
import type { ModelCall } from '../upstream/relay.ts';
import { flatHeaderOf, headerOf } from './header-of.ts';
import type { Callers } from './caller.ts';
import { readChatBody, rewriteBody, type ChatBody } from './chat-body.ts';
import { recordChat, type ChatRecorder } from './chat-record.ts';
import type { DecisionIds } from './decision-id.ts';
import { sendError } from './openai-error.ts';
import { passThrough } from './pass-through.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import { readBody } from './read-body.ts';
import { relayResponse, type ResponseObserver } from './relay-response.ts';
import { createResponseTap } from './response-tap.ts';
import type { PassThroughRoute, RoutedRoute } from './route-result.ts';
import { headerText } from './task-name.ts';
import { upstreamHeaders, withTraceContext } from './upstream-headers.ts';

/** Longest body that is looked at, bytes; a longer one passes through unread. */
const bodyBytesMax = 32 * 1024 * 1024;

/** What serving chats works with. */
export interface ChatServing extends ChatRecorder {
  readonly deps: ProxyDeps;
  readonly callers: Callers;
  readonly ids: DecisionIds;
  readonly stopwatch: () => number;
}

/**
 * Serves one chat completion: who asks, what for, which variant; then the request goes upstream with nothing else
 * changed, the response comes back as it is, and afterwards the decision is recorded.
 */
export async function serveChat(
  serving: ChatServing,
  path: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { deps, router } = serving;
  const caller = serving.callers.infer(incoming.headers);
  const passed = { path, ...upstreamHeaders(incoming.rawHeaders, caller) };
  const read = await readBody(incoming, bodyBytesMax);
  if (read.kind === 'gone') return;
  const startedAt = serving.stopwatch();
  const startedAtMs = deps.clock.now();
  if (read.kind === 'large') {
    deps.telemetry.count('ratchet.requests', 1, { kind: 'pass-through' });
    passThrough(deps.relay, { ...passed, body: read.stream }, incoming, outgoing);
    return;
  }
  const body = incoming.headers['content-encoding'] === undefined ? readChatBody(read.bytes) : undefined;
  if (body === undefined) {
    deps.telemetry.count('ratchet.requests', 1, { kind: 'pass-through' });
    passThrough(deps.relay, { ...passed, body: read.bytes }, incoming, outgoing);
    return;
  }
  const header = (name: string): string | undefined => headerOf(incoming, name);
  const routing = router.route({ request: body.request, header, scope: caller.scope });
  const route = routing instanceof Promise ? await routing : routing;
  if (outgoing.destroyed) return;
  deps.telemetry.count('ratchet.requests', 1, { kind: route.kind });
  if (route.kind === 'refused') {
    sendError(outgoing, route.error);
    return;
  }
  const sent = rewriteBody(body, route.rewrite);
  const call = modelCall(body, route);
  if (route.kind === 'pass-through') {
    passThrough(deps.relay, { ...passed, body: sent, call }, incoming, outgoing);
    return;
  }
  const span = startSpan(deps, { incoming, body, route, startedAtMs });
  const headers = withTraceContext(passed.headers, span.upstreamHeaders);
  const request = { ...passed, method: 'POST', headers, body: sent, call };
  relayResponse(deps.relay, request, outgoing, observe(serving, { body, route, span, startedAt }));
}

function modelCall(body: ChatBody, route: PassThroughRoute | RoutedRoute): ModelCall {
  return {
    model: route.request.model,
    taskName: route.kind === 'routed' ? route.taskName : null,
    isUsageAddable: false,
    bodyIn: ({ model }) => rewriteBody(body, model === null ? route.rewrite : { ...route.rewrite, model }),
  };
}

interface StartedChat {
  readonly body: ChatBody;
  readonly route: RoutedRoute;
  readonly span: ChatSpan;
  /** By the stopwatch: when the request had arrived. */
  readonly startedAt: number;
}

/** Notes what passes, and records it when all has passed. */
function observe(serving: ChatServing, { body, route, span, startedAt }: StartedChat): ResponseObserver {
  const { stopwatch, ids } = serving;
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
    onHead: (headStatus, headers) => {
      status = headStatus;
      contentType = flatHeaderOf(headers, 'content-type');
      contentEncoding = flatHeaderOf(headers, 'content-encoding');
    },
    onChunk: (chunk) => {
      if (firstByteMs === null) {
        firstByteMs = stopwatch() - startedAt;
        span.firstChunk(firstByteMs);
      }
      tap.add(chunk);
    },
    onOver: (failure) => {
      recordChat(serving, {
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

interface SpanStart {
  readonly incoming: IncomingMessage;
  readonly body: ChatBody;
  readonly route: RoutedRoute;
  readonly startedAtMs: number;
}

function startSpan(
  { telemetry }: Pick<ProxyDeps, 'telemetry'>,
  { incoming, body, route, startedAtMs }: SpanStart,
): ChatSpan {
  const span = telemetry.startChat({
    traceparent: headerOf(incoming, 'traceparent'),
    tracestate: headerOf(incoming, 'tracestate'),
    model: route.request.model,
    isStream: body.isStream,
    startedAtMs,
  });
  const { variantId, decisionId, episodeId, planVersion, propensity } = route.ref;
  span.decided({
    taskName: route.taskName,
    variantId,
    variantStatus: route.variantStatus,
    decisionId,
    episodeId,
    planVersion,
    propensity,
  });
  return span;
}
