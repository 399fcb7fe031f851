import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatSpan } from '../telemetry/telemetry.ts';
import type { ModelCall } from '../upstream/relay.ts';
import { isUsageAddable, usageSplice } from './ask-usage.ts';
import type { Callers } from './caller.ts';
import { harmlessObserver } from './harmless-observer.ts';
import { headerOf } from './header-of.ts';
import { observeCall, type CallObserving } from './observe-call.ts';
import { sendError } from './openai-error.ts';
import { passThrough } from './pass-through.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import { readBody } from './read-body.ts';
import { relayResponse } from './relay-response.ts';
import { readRequestBody, type RequestBody } from './request-body.ts';
import type { RequestFormat } from './request-format.ts';
import { rewriteBody } from './rewrite-body.ts';
import type { RoutedRoute } from './route-result.ts';
import { sentBody } from './sent-body.ts';
import { upstreamHeaders, withTraceContext } from './upstream-headers.ts';

/** Longest body that is looked at, bytes; a longer one passes through unread. */
const bodyBytesMax = 32 * 1024 * 1024;

/** What serving calls of a model works with. */
export interface CallServing extends CallObserving {
  readonly deps: ProxyDeps;
  readonly callers: Callers;
}

/** A call as it came. */
export interface IncomingCall {
  readonly format: RequestFormat;
  /** Path and query below the API's root. */
  readonly path: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/**
 * Serves one call of a model: who asks, what for, which variant; then the request goes upstream with nothing else
 * changed, the response comes back as it is, and afterwards the decision is recorded.
 */
export async function serveCall(
  serving: CallServing,
  { format, path, incoming, outgoing }: IncomingCall,
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
  const isPlain = incoming.headers['content-encoding'] === undefined;
  const body = isPlain ? readRequestBody(format, read.bytes) : undefined;
  if (body === undefined) {
    deps.telemetry.count('ratchet.requests', 1, { kind: 'pass-through' });
    passThrough(deps.relay, { ...passed, body: read.bytes }, incoming, outgoing);
    return;
  }
  const header = (name: string): string | undefined => headerOf(incoming, name);
  const routing = router.route({ request: body.request, header, scope: caller.scope });
  const chosen = routing instanceof Promise ? await routing : routing;
  if (outgoing.destroyed) return;
  if (chosen.kind === 'refused') {
    deps.telemetry.count('ratchet.requests', 1, { kind: chosen.kind });
    sendError(outgoing, chosen.error);
    return;
  }
  const { route, bytes: sent, failure } = sentBody(body, chosen);
  deps.telemetry.count('ratchet.requests', 1, { kind: route.kind });
  if (failure !== null) {
    deps.telemetry.count('ratchet.fallbacks', 1);
    deps.logger.error('prompt-not-put-in', { error: failure.name });
  }
  if (route.kind === 'pass-through') {
    // Nobody records it, so that its usage is not asked for either.
    const call: ModelCall = {
      model: route.model,
      taskName: null,
      isUsageAddable: false,
      bodyIn: ({ model }) => rewriteBody(body, model === null ? route.rewrite : { ...route.rewrite, model }),
    };
    passThrough(deps.relay, { ...passed, body: sent, call }, incoming, outgoing);
    return;
  }
  const span = startSpan(deps, { incoming, body, route, startedAtMs });
  const headers = withTraceContext(passed.headers, span.upstreamHeaders);
  const request = { ...passed, method: 'POST', headers, body: sent, call: routedCall(body, route) };
  const observer = observeCall(serving, { body, route, span, startedAt });
  relayResponse(deps.relay, request, outgoing, harmlessObserver(observer, deps.logger));
}

function routedCall(body: RequestBody, { model: ownModel, taskName, rewrite }: RoutedRoute): ModelCall {
  return {
    model: ownModel,
    taskName,
    isUsageAddable: isUsageAddable(body),
    bodyIn: ({ model, isUsageRequested }) =>
      rewriteBody(
        body,
        model === null ? rewrite : { ...rewrite, model },
        isUsageRequested && isUsageAddable(body) ? [usageSplice(body)] : [],
      ),
  };
}

interface SpanStart {
  readonly incoming: IncomingMessage;
  readonly body: RequestBody;
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
    apiType: body.format.apiType,
    model: route.model,
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
