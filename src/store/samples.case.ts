import { openCampaign } from '../domain/open-campaign.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Decision } from '../domain/decision.ts';
import type { Feedback, FeedbackBody, FeedbackTarget } from '../domain/feedback.ts';
import type { GateState } from '../domain/gate-state.ts';
import { firstPlan, type PlanCause, type ServingPlan } from '../domain/plan.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import { literalSkeleton } from '../domain/skeleton.ts';
import { defaultTaskConfig, type Task } from '../domain/task.ts';
import { baselineVariantId, makeVariant, type Variant } from '../domain/variant.ts';

/** When tests begin. */
export const startMs: number = 1_800_000_000_000;
export const hourMs: number = 3_600_000;
export const dayMs: number = 24 * hourMs;

/** A task with a reward of two metrics and an attribution window of two days. */
export function sampleTask(change: Partial<Task> = {}): Task {
  return {
    id: 'triage',
    name: 'Sort support tickets',
    scope: 'key-1',
    baseline: { version: 1, skeleton: literalSkeleton('Sort the ticket.'), stableFor: 1 },
    config: {
      ...defaultTaskConfig,
      reward: { score: 1, resolved: 3 },
      metrics: {
        score: { type: 'number', range: [0, 1], optimize: 'max', guardrail: null },
        resolved: { type: 'boolean', range: [0, 1], optimize: 'max', guardrail: null },
        latency: { type: 'number', range: [0, 10], optimize: 'min', guardrail: { margin: 0.1 } },
      },
      gate: { ...defaultTaskConfig.gate, attributionWindowMs: 2 * dayMs },
    },
    createdAtMs: startMs,
    ...change,
  };
}

/** A drawn decision of the baseline with content; an episode of its own unless told. */
export function sampleDecision(decisionId: string, change: Partial<Decision> = {}): Decision {
  return {
    decisionId,
    taskId: 'triage',
    variantId: baselineVariantId,
    propensity: 0.5,
    planVersion: 1,
    episodeId: decisionId,
    atMs: startMs,
    attribution: 'drawn',
    scope: 'key-1',
    baselineVersion: 1,
    completionId: `chatcmpl-${decisionId}`,
    model: 'gpt-4o-mini',
    status: 200,
    usage: { inputTokens: 12, outputTokens: 3 },
    isUsageEstimated: false,
    finishReason: 'stop',
    latencyMs: 250.5,
    firstByteMs: 80,
    costUsd: 0.00001,
    traceId: null,
    segment: null,
    conversationKey: null,
    inputHash: `input-${decisionId}`,
    content: {
      request: {
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'I was charged twice – “why”? 💳' }],
      },
      slots: { date: '2027-01-15' },
      completion: { text: 'billing', toolCalls: [], finishReason: 'stop', refusal: null },
    },
    ...change,
  };
}

/** Feedback about a decision's signed id, or about a name; keyed by target and metric unless told. */
export function sampleFeedback(
  target: Decision | string,
  body: Partial<FeedbackBody>,
  change: Partial<Feedback> = {},
): Feedback {
  const about: FeedbackTarget =
    typeof target === 'string' ? { kind: 'name', name: target } : { kind: 'decision', ref: refOf(target) };
  const metric = body.metric ?? (body.value === undefined ? null : 'score');
  const id = typeof target === 'string' ? target : target.decisionId;
  return {
    target: about,
    body: { value: null, comment: null, expected: null, ...body, metric },
    key: `${id}/${metric ?? '-'}`,
    source: 'key-1',
    scope: 'key-1',
    tags: {},
    atMs: startMs + 1000,
    ...change,
  };
}

/** What a signed decision id carries. */
function refOf(decision: Decision): Extract<FeedbackTarget, { kind: 'decision' }>['ref'] {
  const { decisionId, taskId, variantId, propensity, planVersion } = decision;
  const { episodeId, atMs, attribution, scope, isUnrecorded } = decision;
  const ref = { decisionId, taskId, variantId, propensity, planVersion, episodeId, atMs, attribution, scope };
  return isUnrecorded === undefined ? ref : { ...ref, isUnrecorded };
}

/** A variant with one edit. */
export function sampleVariant(text = 'Answer with one word.'): Variant {
  return makeVariant('triage', 1, [{ op: 'insert', text, intent: 'shorter' }]);
}

/** A proposed campaign for a variant. */
export function sampleCampaign(id: string, change: Partial<Campaign> = {}): Campaign {
  const proposal = {
    variant: sampleVariant(),
    parentId: baselineVariantId,
    optimizer: 'opro',
    originCampaignId: null,
    shownDecisionIds: [],
    shownTraceIds: [],
    costUsd: 0.01,
    atMs: startMs,
  };
  return { ...openCampaign(id, proposal, { taskId: 'triage', incumbentId: baselineVariantId }), ...change };
}

/** A plan with the baseline as incumbent and further arms on trial. */
export function samplePlan(version: number, armIds: readonly string[], cause: PlanCause): ServingPlan {
  const first = firstPlan('triage', 1, startMs);
  return {
    ...first,
    version,
    arms: [...first.arms, ...armIds.map((variantId) => ({ variantId, status: 'canary' as const, cap: 0.5 }))],
    cause,
    atMs: startMs + version,
  };
}

/** The memory of a gate. */
export function sampleGateState(revision: number): GateState {
  return {
    version: 1,
    revision,
    errorBudget: { tests: revision, promotionsInBlock: 0 },
    radius: 0.25,
    watch: null,
  };
}

/** A paid answer. */
export function sampleShadowRun(decisionId: string, change: Partial<ShadowRun> = {}): ShadowRun {
  return {
    taskId: 'triage',
    variantId: 'candidate',
    decisionId,
    completion: { text: 'billing', toolCalls: [], finishReason: 'stop', refusal: null },
    usage: { inputTokens: 10, outputTokens: 2 },
    latencyMs: 120,
    costUsd: 0.001,
    grades: [{ kind: 'score', score: 1 }],
    atMs: startMs,
    ...change,
  };
}
