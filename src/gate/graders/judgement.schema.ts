import { z } from 'zod';

/** What a judge says of two answers, `first` and `second` being the order in which it saw them. */
export interface Judgement {
  readonly better: 'first' | 'second' | 'neither';
  /** Whether each satisfies the rubric. */
  readonly firstPasses: boolean;
  readonly secondPasses: boolean;
  /** One sentence. */
  readonly reason: string;
}

const judgement: z.ZodType<Judgement> = z
  .object({
    better: z.enum(['first', 'second', 'neither']),
    first_passes: z.boolean(),
    second_passes: z.boolean(),
    reason: z.string(),
  })
  .transform(({ better, reason, ...passes }) => ({
    better,
    firstPasses: passes.first_passes,
    secondPasses: passes.second_passes,
    reason,
  }));

/** Reads a judge's answer; `undefined` where it is no judgement. */
export function parseJudgement(text: string): Judgement | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = judgement.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** The form asked of the judge model, in OpenAI's strict mode. The reason comes first, so that it is thought of first. */
export const judgementFormat: Readonly<Record<string, unknown>> = {
  type: 'json_schema',
  json_schema: {
    name: 'judgement',
    strict: true,
    schema: {
      type: 'object',
      properties: {
        reason: { type: 'string' },
        first_passes: { type: 'boolean' },
        second_passes: { type: 'boolean' },
        better: { type: 'string', enum: ['first', 'second', 'neither'] },
      },
      required: ['reason', 'first_passes', 'second_passes', 'better'],
      additionalProperties: false,
    },
  },
};
