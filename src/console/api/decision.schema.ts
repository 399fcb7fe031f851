import { z } from 'zod';
import type { ShadowRun } from '../../domain/shadow-run.ts';
import type { Decision } from '../../domain/decision.ts';
import type { FeedbackRecord } from '../../store/feedback-search.ts';
import { atMs, share, stored } from './parts.schema.ts';

/** A decision with what is known of its quality. */
export interface DecisionView extends Omit<Decision, 'content' | 'conversationKey'> {
  readonly reward: number | null;
  readonly isOwnReward: boolean;
  readonly hasText: boolean;
}

const usage = z.object({ inputTokens: z.number(), outputTokens: z.number() }).nullable();

const decisionFields = {
  decisionId: z.string(),
  taskId: z.string(),
  variantId: z.string(),
  propensity: share.describe('Probability with which the episode’s variant was drawn.'),
  planVersion: z.number().int(),
  baselineVersion: z.number().int(),
  episodeId: z.string(),
  attribution: z
    .enum(['drawn', 'pinned', 'unattributed', 'removed'])
    .describe('Why the variant was served; only `drawn` is learned from.'),
  scope: z.string().describe('Id of the key, or hash of the credential, that it came with.'),
  atMs,
  completionId: z.string().nullable(),
  model: z.string(),
  status: z.number().int().describe('HTTP status of upstream; 0 where none arrived.'),
  usage,
  isUsageEstimated: z.boolean(),
  finishReason: z.string().nullable(),
  latencyMs: z.number(),
  firstByteMs: z.number().nullable(),
  costUsd: z.number().nullable(),
  traceId: z.string().nullable(),
  segment: z.string().nullable(),
  inputHash: z.string().describe('Equal inputs share ground truth.'),
  reward: share.nullable().describe('Its own, else its episode’s.'),
  isOwnReward: z.boolean(),
  hasText: z.boolean().describe('Whether the request and the answer are kept.'),
};

/** A decision. */
export const decisionSchema: z.ZodType<DecisionView> = z.object(decisionFields).meta({ id: 'Decision' });

/** Feedback. */
export const feedbackSchema: z.ZodType<FeedbackRecord> = z
  .object({
    feedbackId: z.string(),
    scope: z.string(),
    source: z.string().describe('Id of the key, or hash of the credential, that sent it.'),
    target: z.string().describe('The name that was given, or the id of the signed decision.'),
    state: z.enum(['pending', 'expired', 'resolved']),
    episodeId: z.string().nullable(),
    decisionId: z.string().nullable(),
    taskId: z.string().nullable(),
    metric: z.string().nullable(),
    value: z.number().nullable(),
    isCounted: z.boolean().describe('Whether it came in time with a value.'),
    comment: z.string().nullable(),
    expected: z.string().nullable(),
    tags: z.record(z.string(), z.string()),
    atMs,
  })
  .meta({ id: 'Feedback' });

/** All about one decision. */
export interface DecisionDetail extends DecisionView {
  readonly content: Decision['content'];
  readonly feedback: readonly FeedbackRecord[];
  readonly shadowRuns: readonly ShadowRun[];
}

/** A decision with its text, its feedback and the answers that variants gave to it off the user's path. */
export const decisionDetailSchema: z.ZodType<DecisionDetail> = z
  .object({
    ...decisionFields,
    content: stored<NonNullable<Decision['content']>>(
      'What the client sent, what stood in the slots, and the answer. Text of users and models: show it as text.',
    ).nullable(),
    feedback: z.array(feedbackSchema),
    shadowRuns: z.array(
      stored<ShadowRun>('An answer that a variant gave off the user’s path, with its grades.'),
    ),
  })
  .meta({ id: 'DecisionDetail' });

/** One line of exported decisions. */
export interface ExportedDecision extends DecisionView {
  readonly content?: Decision['content'];
}
export const exportedDecisionSchema: z.ZodType<ExportedDecision> = z.object({
  ...decisionFields,
  content: z
    .exactOptional(stored<NonNullable<Decision['content']>>('What was asked and answered.').nullable())
    .describe('With texts=true.'),
});
