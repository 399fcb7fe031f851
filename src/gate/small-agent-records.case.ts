import type { AgentRequest } from '../domain/agent-request.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Completion } from '../domain/chat.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { Decision } from '../domain/decision.ts';
import type { Feedback } from '../domain/feedback.ts';
import { openCampaign } from '../domain/open-campaign.ts';
import type { Variant } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';

/** A campaign that has just been opened for a variant. */
export function campaignFor(
  variant: Variant,
  { id, incumbentId, atMs }: { readonly id: string; readonly incumbentId: string; readonly atMs: number },
): Campaign {
  return openCampaign(
    id,
    {
      variant,
      parentId: incumbentId,
      optimizer: 'test',
      originCampaignId: null,
      shownDecisionIds: [],
      shownTraceIds: [],
      costUsd: 0,
      atMs,
    },
    { taskId: variant.taskId, incumbentId },
  );
}

/** What the agent asks about a ticket by chat, under its own prompt. */
export function chatAbout(ticket: string, own: string): AgentRequest {
  return {
    model: 'agent',
    messages: [
      { role: 'system', content: own },
      { role: 'user', content: ticket },
    ],
  };
}

/** The same by the Responses API. */
export function responseAbout(ticket: string, own: string): AgentRequest {
  return { model: 'agent', instructions: own, input: ticket, stream: true };
}

/** What is recorded of an answer. */
export function decisionOf(given: {
  readonly request: AgentRequest;
  readonly id: string;
  readonly variantId: string;
  readonly propensity: number;
  readonly plan: TaskSnapshot['plan'];
  readonly ticket: string;
  readonly completion: Completion;
  readonly atMs: number;
}): Decision {
  const { id, variantId, propensity, plan, request, ticket, completion, atMs } = given;
  return {
    decisionId: id,
    taskId: plan.taskId,
    variantId,
    propensity,
    planVersion: plan.version,
    episodeId: id,
    atMs,
    attribution: 'drawn',
    scope: 'scope',
    baselineVersion: plan.baselineVersion,
    completionId: null,
    model: 'agent',
    status: 200,
    usage: null,
    isUsageEstimated: false,
    finishReason: 'stop',
    latencyMs: 300,
    firstByteMs: null,
    costUsd: null,
    traceId: null,
    segment: null,
    conversationKey: null,
    inputHash: contentHash(ticket),
    content: { request, slots: {}, completion },
  };
}

/** What a user says of it. */
export function feedbackOf(decision: Decision, score: number, isTruthKnown: boolean): Feedback {
  return {
    target: { kind: 'decision', ref: decision },
    body: {
      metric: 'score',
      value: score,
      comment: null,
      expected: isTruthKnown ? 'right' : null,
    },
    key: `feedback-${decision.decisionId}`,
    source: 'user',
    scope: 'scope',
    tags: {},
    atMs: decision.atMs,
  };
}
