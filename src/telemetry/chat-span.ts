import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { MeasuredChat } from './chat-metrics.ts';
import { messageAttributes } from './message-content.ts';
import { general, genAi, openAi, ratchet } from './names.ts';
import type { RecentSpans } from './recent-spans.ts';
import type { ChatOutcome, ChatSpan, ChatStart } from './telemetry.ts';
import { parseTraceContext, traceHeaders } from './trace-context.ts';

/** What spans of routed requests need. */
export interface ChatSpanDeps {
  /** `null` where no traces are exported. */
  readonly tracer: Tracer | null;
  /** Takes the metrics of a request that has ended. */
  readonly measure: (chat: MeasuredChat) => void;
  readonly recentSpans: RecentSpans;
  /** `gen_ai.provider.name` and the server's address. */
  readonly provider: Attributes;
  readonly isContentCaptured: boolean;
}

/**
 * Begins the span of one routed request and the metrics that go with it. A request that is not sampled costs no
 * attributes: its caller's trace headers pass on unchanged.
 */
export function startChat(deps: ChatSpanDeps, start: ChatStart): ChatSpan {
  const span = deps.tracer === null ? null : startSampledSpan(deps.tracer, deps.provider, start);
  const context = span?.spanContext();
  let firstChunkMs: number | null = null;
  return {
    traceId: context?.traceId ?? null,
    upstreamHeaders: context === undefined ? incomingHeaders(start) : traceHeaders(context),
    decided: (decided) => {
      if (span === null || context === undefined) return;
      deps.recentSpans.remember(decided.decisionId, context);
      span.setAttributes({
        [genAi.promptName]: decided.taskName,
        [genAi.promptVersion]: decided.variantId,
        [genAi.conversationId]: decided.episodeId,
        [ratchet.decisionId]: decided.decisionId,
        [ratchet.planVersion]: decided.planVersion,
        [ratchet.propensity]: decided.propensity,
        [ratchet.variantStatus]: decided.variantStatus,
      });
    },
    firstChunk: (latencyMs) => {
      firstChunkMs ??= latencyMs;
    },
    end: (outcome) => {
      const error = errorTypeOf(outcome);
      deps.measure({ model: start.model, outcome, error, firstChunkMs });
      if (span === null) return;
      describeOutcome(span, outcome, { error, firstChunkMs });
      if (deps.isContentCaptured && outcome.content !== null)
        span.setAttributes(messageAttributes(outcome.content, outcome.finishReason));
      span.end(start.startedAtMs + outcome.latencyMs);
    },
  };
}

function startSampledSpan(tracer: Tracer, provider: Attributes, start: ChatStart): Span | null {
  const parent = parseTraceContext(start.traceparent, start.tracestate);
  const span = tracer.startSpan(
    `chat ${start.model}`,
    {
      kind: SpanKind.CLIENT,
      startTime: start.startedAtMs,
      attributes: {
        ...provider,
        [genAi.operationName]: 'chat',
        [openAi.apiType]: start.apiType,
        [genAi.requestModel]: start.model,
        [genAi.requestStream]: start.isStream,
      },
    },
    parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent),
  );
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0 ? null : span;
}

/** The caller's own headers: with no span of ours in between, upstream continues the caller's. */
function incomingHeaders({ traceparent, tracestate }: ChatStart): readonly string[] {
  if (traceparent === undefined) return [];
  return ['traceparent', traceparent, ...(tracestate === undefined ? [] : ['tracestate', tracestate])];
}

function describeOutcome(
  span: Span,
  outcome: ChatOutcome,
  { error, firstChunkMs }: Pick<MeasuredChat, 'error' | 'firstChunkMs'>,
): void {
  const attributes: Attributes = { [ratchet.overheadMs]: outcome.overheadMs };
  if (outcome.status > 0) attributes[general.httpStatus] = outcome.status;
  if (outcome.responseId !== null) attributes[genAi.responseId] = outcome.responseId;
  if (outcome.responseModel !== null) attributes[genAi.responseModel] = outcome.responseModel;
  if (outcome.finishReason !== null) attributes[genAi.responseFinishReasons] = [outcome.finishReason];
  if (outcome.inputTokens !== null) attributes[genAi.usageInputTokens] = outcome.inputTokens;
  if (outcome.outputTokens !== null) attributes[genAi.usageOutputTokens] = outcome.outputTokens;
  if (firstChunkMs !== null) attributes[genAi.responseTimeToFirstChunk] = firstChunkMs / 1000;
  if (error !== null) {
    attributes[general.errorType] = error;
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.setAttributes(attributes);
}

/** `error.type`: our own name for a failure, else the HTTP status that upstream refused with. */
function errorTypeOf({ errorType, status }: ChatOutcome): string | null {
  return errorType ?? (status >= 400 ? String(status) : null);
}
