import { z } from 'zod';
import type { MetricEntry } from './entries.ts';
import { graderSchema } from './grader.schema.ts';

const guardrailSchema = z
  .strictObject({
    margin: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('Largest loss that is tolerated. Default: gate.margin.'),
  })
  .describe('Makes the metric a guardrail: no promotion may worsen it by more than the margin.');

/** Kinds that have to ask somebody: what they say of a metric would be asked for with every pair. */
const askingGraders: ReadonlySet<string> = new Set(['judge', 'similarity', 'webhook']);

const metricGrader = graderSchema
  .refine(({ kind }) => !askingGraders.has(kind), {
    path: ['kind'],
    message:
      'expected a grader that needs nobody: exact, normalised, numeric, json-schema, regex or tool-call',
  })
  .describe('What measures the metric on recorded answers, so that its guardrail can hold a proposal up.');

/** What one metric means, and whether it guards. */
export const metricSchema: z.ZodType<MetricEntry> = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('boolean'),
      optimize: z.enum(['max', 'min']).optional(),
      guardrail: guardrailSchema.optional(),
      grader: metricGrader.optional(),
    }),
    z.strictObject({
      type: z.literal('number'),
      range: z
        .tuple([z.number(), z.number()])
        .refine(([low, high]) => low < high, 'expected the low end before the high end')
        .optional()
        .describe('Lowest and highest value, inclusive. Default [0, 1].'),
      optimize: z.enum(['max', 'min']).optional(),
      guardrail: guardrailSchema.optional(),
      grader: metricGrader.optional(),
    }),
  ])
  .describe('What a feedback value means: {type: boolean} or {type: number, range: [1, 5], optimize: min}.');
