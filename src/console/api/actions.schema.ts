import { z } from 'zod';
import type { Edit } from '../../domain/edit.ts';
import type { ForgetTarget } from '../../store/forgetting.ts';
import { atMs } from './parts.schema.ts';
import { editSchema } from './plan.schema.ts';

const reasonText = z.string().trim().max(1000);
const why = reasonText.optional().describe('Why, for whoever reads the audit log.');

/** An action that needs no word of its own. */
export const reasonBody: z.ZodType<{ readonly reason?: string | undefined }> = z.strictObject({
  reason: why,
});

/** An action that needs one. */
export const reasonedBody: z.ZodType<{ readonly reason: string }> = z.strictObject({
  reason: reasonText.min(1).describe('Why, for whoever reads its history.'),
});

/** Which arm takes all traffic. */
export const pinBody: z.ZodType<{ readonly variantId: string; readonly reason?: string | undefined }> =
  z.strictObject({
    variantId: z.string().min(1).max(200).describe('An arm of the plan that serves now.'),
    reason: why,
  });

/** Where to go back to. */
export const rollBackBody: z.ZodType<{ readonly toVersion: number; readonly reason?: string | undefined }> =
  z.strictObject({
    toVersion: z.number().int().gte(1).describe('Version of the plan that shall serve again.'),
    reason: why,
  });

/** A proposal of a person's. */
export interface ProposalBody {
  readonly edits: readonly Edit[];
  readonly parentId?: string | undefined;
  readonly reason?: string | undefined;
}
export const proposalBody: z.ZodType<ProposalBody> = z.strictObject({
  edits: z.array(editSchema).min(1).max(50).describe('In the order in which they are made.'),
  parentId: z
    .string()
    .max(200)
    .optional()
    .describe('Variant that they are made to, such as `baseline`. Default: the incumbent.'),
  reason: why,
});

/** Whether learning stands still. */
export const pauseSchema: z.ZodType<{
  readonly paused: { readonly by: string; readonly atMs: number } | null;
}> = z.object({ paused: z.object({ by: z.string(), atMs }).nullable() });

/** Whose words are to go. */
export interface ForgetBody {
  readonly target: ForgetTarget;
  readonly reason?: string | undefined;
}
const name = z.string().min(1).max(500);
export const forgetBody: z.ZodType<ForgetBody> = z.strictObject({
  target: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('decision'), decisionId: name }),
      z.strictObject({ kind: z.literal('episode'), episodeId: name, scope: z.exactOptional(name) }),
      z.strictObject({ kind: z.literal('scope'), scope: name }),
    ])
    .describe('One request, one conversation, or all that came with one key or credential.'),
  reason: why,
});

/** What has gone. */
export interface ForgottenView {
  readonly decisions: number;
  readonly feedback: number;
  readonly groundTruths: number;
  readonly shadowRuns: number;
}

/** What has gone. */
export const forgottenSchema: z.ZodType<ForgottenView> = z
  .object({
    decisions: z.number().int().describe('Requests whose text is gone.'),
    feedback: z.number().int().describe('Feedback whose comment, right answer or tags are gone.'),
    groundTruths: z.number().int(),
    shadowRuns: z.number().int().describe('Answers of variants to these requests.'),
  })
  .meta({ id: 'Forgotten' });
