import { ROOT_CONTEXT, trace, type Attributes, type Context, type Tracer } from '@opentelemetry/api';
import type { ForcedIds } from './forced-ids.ts';
import { genAi, ratchet } from './names.ts';
import type { RecentSpans } from './recent-spans.ts';
import type { Evaluation } from './telemetry.ts';

/** What evaluation events need. */
export interface EvaluationDeps {
  readonly tracer: Tracer;
  readonly forcedIds: ForcedIds;
  readonly recentSpans: RecentSpans;
  readonly isContentCaptured: boolean;
}

/**
 * Reports a feedback value as the event `gen_ai.evaluation.result` on a span without duration, `evaluate {metric}`.
 * Feedback comes when the scored span has long been exported, so the event is bound to it by parentage: the span is
 * a child of the scored one where that is remembered, else a further root of its trace where the trace is known, else a
 * trace of its own that names the response and the decision.
 */
export function recordEvaluation(deps: EvaluationDeps, evaluation: Evaluation): void {
  const name = `evaluate ${evaluation.metric}`;
  const attributes: Attributes = {};
  if (evaluation.taskName !== null) attributes[ratchet.task] = evaluation.taskName;
  if (evaluation.decisionId !== null) attributes[ratchet.decisionId] = evaluation.decisionId;
  const parent = scoredContext(deps, evaluation);
  const start = (): ReturnType<Tracer['startSpan']> =>
    deps.tracer.startSpan(name, { attributes }, parent ?? ROOT_CONTEXT);
  const span =
    parent === null && evaluation.traceId !== null
      ? deps.forcedIds.within({ traceId: evaluation.traceId }, start)
      : start();
  span.addEvent(genAi.evaluationResult, eventAttributes(evaluation, deps.isContentCaptured));
  span.end();
}

function scoredContext({ recentSpans }: EvaluationDeps, { decisionId }: Evaluation): Context | null {
  const scored = decisionId === null ? undefined : recentSpans.find(decisionId);
  return scored === undefined ? null : trace.setSpanContext(ROOT_CONTEXT, scored);
}

function eventAttributes(evaluation: Evaluation, isContentCaptured: boolean): Attributes {
  const attributes: Attributes = { [genAi.evaluationName]: evaluation.metric };
  if (evaluation.value !== null) attributes[genAi.evaluationScoreValue] = evaluation.value;
  if (evaluation.responseId !== null) attributes[genAi.responseId] = evaluation.responseId;
  // A comment is a person's text, so it leaves the process under the same switch as prompts and completions.
  if (evaluation.comment !== null && isContentCaptured)
    attributes[genAi.evaluationExplanation] = evaluation.comment;
  return attributes;
}
