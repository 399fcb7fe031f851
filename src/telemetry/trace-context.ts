import { createTraceState, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/** The caller's span, from its W3C headers; `undefined` when there is none or it is malformed. */
export function parseTraceContext(
  traceparent: string | undefined,
  tracestate: string | undefined,
): SpanContext | undefined {
  if (traceparent === undefined) return undefined;
  const context = parseTraceParent(traceparent);
  if (context === null) return undefined;
  return {
    ...context,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
}

/** Headers, as a flat [name, value, …] list, by which the next service continues a span. */
export function traceHeaders(context: SpanContext): readonly string[] {
  const sampled = (context.traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
  const state = context.traceState?.serialize() ?? '';
  return [
    'traceparent',
    `00-${context.traceId}-${context.spanId}-${sampled}`,
    ...(state === '' ? [] : ['tracestate', state]),
  ];
}
