import { z } from 'zod';

/** What a judge model answers. */
export interface Judgement {
  readonly pass: boolean;
  readonly reason: string;
}

const judgement: z.ZodType<Judgement> = z.object({ pass: z.boolean(), reason: z.string() });

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

/** The form asked of the judge model, in OpenAI's strict mode. */
export const judgementFormat: Readonly<Record<string, unknown>> = {
  type: 'json_schema',
  json_schema: {
    name: 'judgement',
    strict: true,
    schema: {
      type: 'object',
      properties: { pass: { type: 'boolean' }, reason: { type: 'string' } },
      required: ['pass', 'reason'],
      additionalProperties: false,
    },
  },
};
