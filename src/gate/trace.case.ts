import type { AgentRequest } from '../domain/agent-request.ts';
import type { Decision } from '../domain/decision.ts';
import type { SlotValues } from '../domain/skeleton.ts';
import type { Trace } from '../domain/trace.ts';

/** A recorded request for tests; `null` for one without content. */
export function traceOf(
  content: { readonly request: AgentRequest; readonly slots: SlotValues } | null,
  change: Partial<Decision> = {},
  expected: string | null = null,
): Trace {
  const completion = { text: '', toolCalls: [], finishReason: 'stop', refusal: null };
  return {
    decision: {
      decisionId: 'd1',
      taskId: 't',
      variantId: 'baseline',
      propensity: 1,
      planVersion: 1,
      episodeId: 'd1',
      atMs: 0,
      attribution: 'drawn',
      scope: 's',
      baselineVersion: 1,
      completionId: null,
      model: 'agent',
      status: 200,
      usage: null,
      isUsageEstimated: false,
      finishReason: 'stop',
      latencyMs: 1,
      firstByteMs: null,
      costUsd: null,
      traceId: null,
      segment: null,
      conversationKey: null,
      inputHash: 'i1',
      content: content === null ? null : { ...content, completion },
      ...change,
    },
    reward: null,
    comments: [],
    expected,
  };
}
