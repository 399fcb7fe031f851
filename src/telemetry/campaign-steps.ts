import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Link,
  type Tracer,
} from '@opentelemetry/api';
import { campaignTrace } from './campaign-ids.ts';
import type { ForcedIds } from './forced-ids.ts';
import { ratchet } from './names.ts';
import type { CampaignStep, Labels, StepSpan } from './telemetry.ts';

/** Spans of teaching traces that one step links to, at most; proposals are shown fewer. */
const linksMax = 32;

/**
 * Begins the span of one step. `learner.propose` is the root of its campaign's trace, all later steps are its
 * children; a campaign that began otherwise (by an operator, or on a new baseline) is a trace without a root span.
 */
export function startCampaignStep(tracer: Tracer, ids: ForcedIds, step: CampaignStep): StepSpan {
  const { traceId, rootSpanId } = campaignTrace(step.campaignId);
  const options = {
    attributes: {
      [ratchet.campaignId]: step.campaignId,
      [ratchet.task]: step.taskName,
      ...prefixed(step.labels),
    },
    links: step.linkedTraceIds.slice(0, linksMax).map(linkTo),
  };
  const span =
    step.name === 'learner.propose'
      ? ids.within({ traceId, spanId: rootSpanId }, () => tracer.startSpan(step.name, options, ROOT_CONTEXT))
      : tracer.startSpan(
          step.name,
          options,
          trace.setSpanContext(ROOT_CONTEXT, {
            traceId,
            spanId: rootSpanId,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: true,
          }),
        );
  return {
    end: (labels, error) => {
      span.setAttributes(prefixed(labels));
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      span.end();
    },
  };
}

/**
 * A link to a trace of which only the trace id was recorded. A link needs a span id as well; the trace's own first
 * eight bytes stand in for it, and viewers find the trace by its trace id.
 */
function linkTo(traceId: string): Link {
  return { context: { traceId, spanId: traceId.slice(0, 16), traceFlags: TraceFlags.SAMPLED } };
}

function prefixed(labels: Labels | undefined): Attributes {
  return Object.fromEntries(
    Object.entries(labels ?? {}).map(([name, value]) => [
      name.includes('.') ? name : `ratchet.${name}`,
      value,
    ]),
  );
}
