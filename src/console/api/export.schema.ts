import { z } from 'zod';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import { atMs, momentField, share } from './parts.schema.ts';

/** Which requests are exported. */
export interface ExportQuery {
  readonly task: string;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}
const fields = {
  task: z.string().min(1).max(500).describe('Id of the task.'),
  since: momentField.describe('Decided after this moment.'),
  until: momentField.describe('Decided at or before this moment.'),
};

/** Of episodes. */
export const episodeExportQuery: z.ZodType<ExportQuery> = z.object(fields);

/** Of decisions. */
export const decisionExportQuery: z.ZodType<ExportQuery & { readonly texts?: 'true' | undefined }> = z.object(
  {
    ...fields,
    texts: z.enum(['true']).optional().describe('Whether requests and answers come along.'),
  },
);

/** Of preference pairs. */
export const preferenceExportQuery: z.ZodType<ExportQuery & { readonly format: 'openai' | 'trl' }> = z.object(
  {
    ...fields,
    format: z
      .enum(['openai', 'trl'])
      .default('openai')
      .describe(
        'openai: input, preferred_output, non_preferred_output; trl: prompt, chosen, rejected, metadata.',
      ),
  },
);

/** Of examples to imitate. */
export const exampleExportQuery: z.ZodType<ExportQuery & { readonly above: number }> = z.object({
  ...fields,
  above: z.coerce.number().gte(0).lt(1).default(0).describe('Only answers with a greater reward.'),
});

/** One line of exported episodes. */
export const episodeSchema: z.ZodType<EpisodeOutcome> = z
  .object({
    episodeId: z.string(),
    variantId: z.string().describe('The action.'),
    propensity: share.describe('Probability with which it was drawn.'),
    planVersion: z.number().int(),
    decidedAtMs: atMs,
    segment: z.string().nullable().describe('The context, as far as it was named.'),
    reward: share.nullable(),
    values: z.record(z.string(), z.number()).describe('Mean of each metric, in its own unit.'),
    latencyMs: z.number().nullable(),
    costUsd: z.number().nullable(),
  })
  .meta({ id: 'Episode' });

/** A line of a file for fine-tuning. */
export const trainingLineSchema: z.ZodType<Readonly<Record<string, unknown>>> = z.record(
  z.string(),
  z.unknown(),
);
