import type { Campaign, CampaignState } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { literalSkeleton } from '../domain/skeleton.ts';
import { defaultTaskConfig, settledAfter, type Task, type TaskConfig } from '../domain/task.ts';
import type { Trace } from '../domain/trace.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';
import type { Verdict } from '../domain/verdict.ts';

export const prompt = 'You sort tickets.\nAnswer with the name of the queue.';

export interface TraceFields {
  readonly id?: string;
  readonly input?: string;
  readonly output?: string;
  readonly reward?: number | null;
  readonly comments?: readonly string[];
  readonly expected?: string | null;
  readonly atMs?: number;
  readonly variantId?: string;
}

/** A recorded request. */
export function traceOf(fields: TraceFields = {}): Trace {
  const { id = 'd1', input = 'My screen is black', output = 'bug', atMs = 1 } = fields;
  return {
    decision: {
      decisionId: id,
      taskId: 'task',
      variantId: fields.variantId ?? baselineVariantId,
      propensity: 1,
      planVersion: 1,
      episodeId: id,
      atMs,
      attribution: 'drawn',
      scope: 'scope',
      baselineVersion: 1,
      completionId: null,
      model: 'model',
      status: 200,
      usage: null,
      isUsageEstimated: false,
      finishReason: 'stop',
      latencyMs: 1,
      firstByteMs: null,
      costUsd: null,
      traceId: `trace-${id}`,
      segment: null,
      conversationKey: null,
      inputHash: input,
      content: {
        request: {
          model: 'model',
          messages: [
            { role: 'system', content: prompt },
            { role: 'user', content: input },
          ],
        },
        slots: {},
        completion: { text: output, toolCalls: [], finishReason: 'stop', refusal: null },
      },
    },
    reward: fields.reward === undefined ? 0 : fields.reward,
    comments: fields.comments ?? [],
    expected: fields.expected ?? null,
  };
}

/** A task whose prompt is settled. */
export function taskOf(
  config: Partial<TaskConfig> = {},
  change: { readonly id?: string; readonly stableFor?: number; readonly version?: number } = {},
): Task {
  const { id = 'task', stableFor = settledAfter, version = 1 } = change;
  return {
    id,
    name: `name of ${id}`,
    scope: 'scope',
    baseline: { version, skeleton: literalSkeleton(prompt), stableFor },
    config: { ...defaultTaskConfig, ...config },
    createdAtMs: 0,
  };
}

export function insert(text: string, intent = 'to help'): Edit {
  return { op: 'insert', text, intent };
}

export function variantOf(...edits: readonly Edit[]): Variant {
  return makeVariant('task', 1, edits);
}

/** A verdict that measured a mean difference. */
export function verdictOf(meanDifference: number | null): Verdict {
  const evidence = {
    pairs: 100,
    meanDifference,
    logSuperiority: 0,
    logHarm: 0,
    logFutility: 0,
    logThreshold: 6,
    guardrails: [],
  };
  return { kind: 'reject', reason: 'measured', evidence };
}

/** A campaign that took its present state at `atMs`. */
export function campaignOf(fields: {
  readonly id?: string;
  readonly variant: Variant;
  readonly parentId?: string;
  readonly incumbentId?: string;
  readonly state: CampaignState;
  readonly atMs?: number;
  readonly meanDifference?: number | null;
}): Campaign {
  const { variant, parentId = baselineVariantId, state, atMs = 0, meanDifference } = fields;
  return {
    id: fields.id ?? variant.id,
    taskId: variant.taskId,
    revision: 1,
    state,
    proposal: {
      variant,
      parentId,
      optimizer: 'opro',
      originCampaignId: null,
      shownDecisionIds: [],
      shownTraceIds: [],
      costUsd: 0,
      atMs: 0,
    },
    incumbentId: fields.incumbentId ?? parentId,
    frozenAtMs: 0,
    screening: null,
    alphaLevel: null,
    verdict: meanDifference === undefined ? null : verdictOf(meanDifference),
    canary: null,
    history: [{ from: 'proposed', to: state, atMs, reason: 'test' }],
  };
}
