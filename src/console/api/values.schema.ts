import { z } from 'zod';
import type { OffPolicyEstimate } from '../../stats/off-policy-estimate.ts';
import { atMs, momentField, share } from './parts.schema.ts';
import type { Policy, PolicyValue } from './policy-values.ts';

/** Whose value is asked for, and over which episodes. */
export interface ValuesQuery {
  readonly policy?: Policy | undefined;
  readonly since?: number | undefined;
  readonly episodes: number;
}

const policyField = z
  .string()
  .max(2000)
  .transform((text, context): Policy => {
    const shares = text.split(',').map((part): [string, number] => {
      const [name = '', given = '1'] = part.split(':');
      return [name.trim(), Number(given)];
    });
    const total = shares.reduce((sum, [, each]) => sum + each, 0);
    const areShares = shares.every(([name, each]) => name !== '' && each >= 0 && each <= 1);
    if (areShares && new Map(shares).size === shares.length && Math.abs(total - 1) < 1e-6)
      return Object.fromEntries(shares);
    context.addIssue(
      'expected variants with shares that add up to 1, such as baseline:0.2,v7:0.8, or one variant',
    );
    return z.NEVER;
  })
  .optional();

/** Of values. */
export const valuesQuery: z.ZodType<ValuesQuery> = z.object({
  policy: policyField.describe(
    'Variants with shares that add up to 1, such as `baseline:0.2,v7:0.8`. Default: each arm of the plan alone.',
  ),
  since: momentField.describe('Only episodes decided after this moment.'),
  episodes: z.coerce
    .number()
    .int()
    .gte(1)
    .lte(20_000)
    .default(5000)
    .describe('The newest answered ones, at most.'),
});

const estimate: z.ZodType<OffPolicyEstimate> = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('estimate'),
      value: z.number(),
      standardError: z.number(),
      low: z.number(),
      high: z.number(),
      effectiveSampleSize: z.number(),
      rounds: z.number().int(),
      weightMean: z.number().describe('About 1 in a sound log.'),
      weightMax: z.number(),
    }),
    z.object({
      kind: z.literal('refused'),
      reason: z.enum(['positivity', 'effective-sample-size']),
      value: z.number(),
      bound: z.number(),
    }),
  ])
  .describe('A value with its 95 % interval, or why the log cannot tell.');

/** What policies would have delivered. */
export interface ValuesView {
  readonly items: readonly PolicyValue[];
  readonly incumbentId: string;
  /** Whether older episodes were left out. */
  readonly isCut: boolean;
}

/** Values. */
export const valuesSchema: z.ZodType<ValuesView> = z
  .object({
    items: z.array(
      z
        .object({
          policy: z.record(z.string(), share),
          episodes: z.number().int().describe('In which every variant of the policy could be drawn.'),
          fromMs: atMs.nullable(),
          untilMs: atMs.nullable(),
          ips: estimate,
          snips: estimate,
          dr: estimate,
          contrast: estimate.nullable().describe('AIPW: the variant minus the incumbent.'),
        })
        .meta({ id: 'PolicyValue' }),
    ),
    incumbentId: z.string(),
    isCut: z.boolean(),
  })
  .meta({ id: 'PolicyValues' });
