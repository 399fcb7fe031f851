import { z } from 'zod';
import { optimizerNames } from '../domain/optimizer-names.ts';
import { durationSchema } from './duration.schema.ts';
import type { FileTaskEntry, TaskEntry } from './entries.ts';
import { graderSchema } from './grader.schema.ts';
import { metricSchema } from './metric.schema.ts';
import type { JsonSchema } from './schema-fault.ts';

const share = (description: string): z.ZodNumber => z.number().gt(0).lte(1).describe(description);
const name = z.string().min(1).max(200);

const budgetSchema = z
  .strictObject({
    usd_per_day: z.number().gte(0).optional().describe('US dollars a day. Default 5.'),
    shadow_requests_per_day: z
      .int()
      .gte(0)
      .optional()
      .describe('Model calls of shadow evaluation a day. Default 2000.'),
    explore_share: share('Largest share of traffic for arms on trial. Default 0.1.').optional(),
  })
  .describe('What learning may cost.');

const testMode = z.enum(['superiority', 'equivalence']).optional();

const gateSchema = z
  .strictObject({
    alpha: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('Expected share of false promotions in a block. Default 0.05.'),
    block: z
      .union([z.int().gte(1), z.literal('life')])
      .optional()
      .describe('Proposals that share one error budget, or "life" for one budget for ever. Default 25.'),
    margin: z.number().gt(0).lt(1).optional().describe('Non-inferiority margin of guardrails. Default 0.02.'),
    mde: z.number().gt(0).lt(1).optional().describe('Smallest improvement worth waiting for. Default 0.02.'),
    attribution_window: durationSchema.optional().describe('How long feedback may take. Default 7d.'),
    approve: z
      .enum(['auto', 'manual'])
      .optional()
      .describe('Whether a proposal that passed shadow evaluation waits for a person. Default auto.'),
    limit_edit_size: z
      .boolean()
      .optional()
      .describe('Whether one step may change only a part of the prompt. Default true.'),
    pinned_requests: z
      .int()
      .gte(0)
      .lte(100)
      .optional()
      .describe(
        'Recorded requests that are asked again every day, while an edit serves, to notice a model that changed. 0: none. Default 20.',
      ),
    strict: z
      .boolean()
      .optional()
      .describe(
        'Whether guardrails and slices are to be shown as surely as the gain itself, at about twice the pairs. Default false.',
      ),
    mode: z
      .strictObject({
        improve: testMode.describe('For proposals that are to improve answers. Default superiority.'),
        prune: testMode.describe('For proposals that take something out of the prompt. Default equivalence.'),
      })
      .optional()
      .describe(
        'What a proposal has to show: superiority, a better score; equivalence, no worse a score and a better secondary metric.',
      ),
    secondary: z
      .enum(['tokens', 'output_tokens', 'cost', 'cost_usd', 'latency', 'latency_ms', 'format', 'refusal'])
      .optional()
      .describe('What must get better in equivalence mode. Default tokens.'),
    slices: z
      .record(
        name,
        z.strictObject({
          margin: z
            .number()
            .gt(0)
            .lt(1)
            .optional()
            .describe('Largest loss of score that is tolerated. Default 0.1.'),
        }),
      )
      .optional()
      .describe('Segments (metadata.ratchet_segment) that no promotion may hurt by more than the margin.'),
  })
  .describe('What a proposal has to prove.');

const shadowSchema = z
  .strictObject({
    mode: z
      .enum(['replay', 'mirror'])
      .optional()
      .describe(
        'replay: from what was recorded. mirror: soon after requests came, from memory, without storing text. Default replay.',
      ),
    requests_per_minute: z
      .int()
      .gte(1)
      .optional()
      .describe('Model calls a minute for this task. Default: no limit of its own.'),
    turns: z
      .int()
      .gte(1)
      .lte(100)
      .optional()
      .describe('Requests of one conversation that are asked again. Default 4.'),
  })
  .describe('How requests are asked again off the user’s path.');

const banditSchema = z
  .strictObject({
    policy: z
      .enum(['tsallis', 'shannon'])
      .optional()
      .describe('How probabilities follow rewards. Default tsallis.'),
    half_life: z
      .int()
      .gte(10)
      .optional()
      .describe('Feedbacks after which an observation counts half. Default: 693, more with many arms.'),
    prior: z
      .enum(['mean', 'expo'])
      .optional()
      .describe(
        'What a new arm is expected to lose: mean, what all arms lose; expo, what arms with like edits lose. From the next plan on. Default mean.',
      ),
  })
  .describe('How traffic is divided between arms.');

const decay = z.number().gt(0).lte(1).optional();

const expoSchema = z
  .strictObject({
    estimator: z
      .enum(['ridge', 'network'])
      .optional()
      .describe(
        'What estimates the score of a prompt: ridge regression, or a small neural network. Default ridge.',
      ),
    eta: z
      .number()
      .gt(0)
      .lte(10_000)
      .optional()
      .describe('How much a difference in score moves the choice. Default 10 for exemplars, 3 for rephrase.'),
    sum_decay: decay.describe(
      'Factor on what earlier rounds have summed up; 1 never forgets. Default 1 for exemplars, .95 for rephrase.',
    ),
    data_decay: decay.describe(
      'Factor on the weight of a score for each round since. Default 1 for exemplars, .998 for rephrase.',
    ),
    floor: z
      .number()
      .gte(0)
      .lt(1)
      .optional()
      .describe('Probability that all choices share alike. Default 0 for exemplars, .05 for rephrase.'),
  })
  .describe(
    'How exemplars and rephrase choose what to try. Default: each as in the documentation of the learner.',
  );

const learnerSchema = z
  .strictObject({
    optimizers: z
      .array(z.enum(optimizerNames))
      .min(1)
      .optional()
      .describe('Names of the optimizers that may be asked. Default opro and textual-gradient.'),
    open_campaigns: z.int().gte(1).lte(100).optional().describe('Proposals under test at a time. Default 4.'),
    choice: z
      .enum(['learned', 'turns'])
      .optional()
      .describe(
        'Who is asked next: learned, what promoted most for its cost; turns, one after the other, each as published. Default learned.',
      ),
    batch_size: z
      .int()
      .gte(1)
      .lte(50)
      .optional()
      .describe('Recorded requests that a question shows. Default: learned among 1, 3, 5, 10 and 20.'),
    horizon: z
      .enum(['step', 'episode'])
      .optional()
      .describe(
        'Which score of a request in a conversation is learned from: its own, or that of the whole. Default: episode, and step too where it has been shown to speak of the whole.',
      ),
    step_metric: name.optional().describe('The metric that scores single requests of a conversation.'),
    expo: expoSchema.optional(),
    meta_prompt: z
      .enum(['off', 'on'])
      .optional()
      .describe(
        'Whether other wordings of the optimizers’ own instructions are tried on a share of the turns, and learned from. Default off.',
      ),
    warm_start: z
      .enum(['off', 'scope', 'all'])
      .optional()
      .describe(
        'Whether edits that proved themselves in other tasks are tried here: off; scope, from tasks of the same key or credential; all, from every task. Default scope.',
      ),
    examples: z
      .enum(['allow', 'redact', 'forbid'])
      .optional()
      .describe(
        'Whether prompts may quote recorded requests with a known right answer as worked examples: allow, those without personal data; redact, with marks in its place; forbid, never. Default allow.',
      ),
  })
  .describe('Where proposals come from.');

/** Metrics that need no declaration. */
const ownMetrics: ReadonlySet<string> = new Set(['score', 'contract']);

const contractSide = z.union([z.string().min(1), z.record(z.string(), z.unknown())]).optional();

const contractSchema = z
  .union([
    z.literal('off'),
    z.strictObject({
      output: contractSide.describe(
        'A JSON schema of every answer, or the path of a file that holds one. Default: what a request declares.',
      ),
      inputs: contractSide.describe(
        'A JSON schema of the last user message; answers to others are not held against the prompt. Default: any.',
      ),
    }),
  ])
  .describe(
    'What answers must look like; those that do not become feedback of the metric contract. off: nobody looks. Default: what requests declare by response_format and tools.',
  );

const task = z
  .strictObject({
    model: name.optional().describe('Model that the alias ratchet/<task> stands for.'),
    reward: z
      .record(name, z.number().gt(0))
      .refine((weights) => Object.keys(weights).length > 0, 'expected at least one metric')
      .optional()
      .describe('Weight of each metric in the reward, above 0. Default {score: 1}.'),
    metrics: z
      .record(name, metricSchema)
      .optional()
      .describe('Metrics that feedback may name, beside score.'),
    graders: z.array(graderSchema).optional().describe('Default: exact, against expected.'),
    protect: z.array(z.string().min(1)).optional().describe('Phrases of the prompt that no edit may touch.'),
    budget: budgetSchema.optional(),
    gate: gateSchema.optional(),
    shadow: shadowSchema.optional(),
    bandit: banditSchema.optional(),
    contract: contractSchema.optional(),
    learner: learnerSchema.optional(),
  })
  .superRefine(({ reward, metrics }, context) => {
    for (const metric of Object.keys(reward ?? {}))
      if (!ownMetrics.has(metric) && metrics?.[metric] === undefined)
        context.addIssue({
          code: 'custom',
          path: ['reward', metric],
          message: `expected a metric that is declared under metrics, such as metrics: {${metric}: {type: boolean}}`,
        });
  })
  .describe('What holds for one task.');

/** What holds for one task; every key is optional. */
export const taskSchema: z.ZodType<TaskEntry> = task;

/** One entry of `tasks` in `ratchet.yaml`, which may also say where its requests go. */
export function fileTaskSchema(upstreamList: z.ZodType<readonly string[]>): z.ZodType<FileTaskEntry> {
  return task.safeExtend({ upstreams: upstreamList.optional() });
}

/** A schema as JSON schema (draft 7, which editors know), describing what people write rather than what we make of it. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
}
