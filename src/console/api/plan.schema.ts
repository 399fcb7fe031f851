import { z } from 'zod';
import type { Edit } from '../../domain/edit.ts';
import type { Arm, PlanCause, ServingPlan } from '../../domain/plan.ts';
import type { Spend } from '../../domain/spend.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { atMs, share } from './parts.schema.ts';

const phrase = z.string().min(1).max(100_000);
const intent = z.string().max(1000).describe('What the edit is for, in a few words.');

/** An edit. */
export const editSchema: z.ZodType<Edit, Edit> = z
  .discriminatedUnion('op', [
    z.strictObject({
      op: z.literal('insert'),
      text: phrase,
      after: z.exactOptional(phrase).describe('Phrase behind which it goes; absent: the end.'),
      intent,
    }),
    z.strictObject({ op: z.literal('replace'), find: phrase, text: z.string().max(100_000), intent }),
    z.strictObject({ op: z.literal('delete'), find: phrase, intent }),
    z.strictObject({ op: z.literal('move'), find: phrase, after: z.exactOptional(phrase), intent }),
    z.strictObject({ op: z.literal('add-example'), text: phrase, intent }),
  ])
  .meta({ id: 'Edit' });

const arm: z.ZodType<Arm> = z
  .object({
    variantId: z.string(),
    status: z.enum(['baseline', 'incumbent', 'canary', 'superseded']),
    cap: share.describe('Largest share of traffic.'),
    entryShare: z.exactOptional(share).describe('Largest share that it entered with.'),
  })
  .meta({ id: 'Arm' });

const campaignId = z.string();

/** Why there is a plan. */
export const planCauseSchema: z.ZodType<PlanCause> = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('first') }),
    z.object({ kind: z.literal('baseline-changed') }),
    z.object({ kind: z.literal('canary-started'), campaignId }),
    z.object({
      kind: z.literal('promoted'),
      campaignId,
      by: z.exactOptional(z.string()).describe('Who promoted it without the gate’s verdict.'),
    }),
    z.object({ kind: z.literal('canary-stopped'), campaignId, reason: z.string() }),
    z.object({
      kind: z.literal('rolled-back'),
      campaignId: campaignId.nullable(),
      reason: z.enum(['regression', 'undecided', 'guardrail', 'operator']),
      by: z.exactOptional(z.string()),
      toVersion: z.exactOptional(z.number()),
    }),
    z.object({ kind: z.literal('pinned'), variantId: z.string(), by: z.string() }),
    z.object({ kind: z.literal('unpinned'), by: z.string() }),
  ])
  .meta({ id: 'PlanCause' });

/** What a verdict says, without its evidence. */
export interface VerdictView {
  readonly campaignId: string;
  readonly kind: Verdict['kind'];
  readonly reason: string;
}

/** A plan with the verdict that made it; `null` where none did. */
export interface PlanView extends ServingPlan {
  readonly verdict: VerdictView | null;
}

/** A plan. */
export const planSchema: z.ZodType<PlanView> = z
  .object({
    taskId: z.string(),
    version: z.number().int(),
    baselineVersion: z.number().int(),
    arms: z.array(arm),
    incumbentId: z.string(),
    pinnedId: z.exactOptional(z.string()).describe('Arm that takes all traffic by order of an operator.'),
    cause: planCauseSchema,
    atMs,
    verdict: z
      .object({
        campaignId: z.string(),
        kind: z.enum(['promote', 'reject', 'continue', 'inconclusive']),
        reason: z.string(),
      })
      .nullable()
      .describe('What the gate said of the campaign that the plan is about; null where there is none.'),
  })
  .meta({ id: 'Plan' });

/** What learning cost. */
export const spendSchema: z.ZodType<Spend> = z
  .object({
    usd: z.number(),
    shadowRequests: z.number(),
    optimizerCalls: z.number(),
    judgeCalls: z.number(),
    optimizerTokens: z.number(),
  })
  .meta({ id: 'Spend' });
