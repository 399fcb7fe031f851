import { z } from 'zod';
import { defaultPrice } from '../../domain/price.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import { findWorldFault } from './find-world-fault.ts';
import type { PoolEdit, World } from './world.ts';

/**
 * A world from parsed JSON, defaults filled in. Throws `invalid_world` whose `param` is the path of the first wrong
 * field, such as `model.facets[0].effect`, and whose message says what to change.
 */
export function parseWorld(value: unknown): World {
  const parsed = worldSchema.safeParse(value, { error: missingField });
  if (!parsed.success) throw faultOf(parsed.error.issues[0]);
  const fault = findWorldFault(parsed.data);
  if (fault !== undefined) throw worldError(pathText(fault.path), fault.message);
  return parsed.data;
}

function missingField(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type' || issue.input !== undefined) return undefined;
  return `is missing; give it a value of type ${issue.expected}`;
}

function faultOf(issue: z.core.$ZodIssue | undefined): RatchetError {
  if (issue === undefined) return worldError('', 'is not a world');
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return worldError(pathText([...issue.path, ...unknownKey]), issue.message);
}

function worldError(path: string, message: string): RatchetError {
  const where = path === '' ? 'the file' : `"${path}"`;
  return new RatchetError('invalid_world', `Invalid world: ${where}: ${message}`, { param: path });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}

/** An object that knows all of its fields, and names them when it meets another. */
function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not a known field here; remove it or use one of: ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

/** A field that may be absent, then `null`. */
function orNull<Schema extends z.ZodType>(
  schema: Schema,
): z.ZodPipe<z.ZodOptional<Schema>, z.ZodTransform<z.output<Schema> | null, z.output<Schema> | undefined>> {
  return schema.optional().transform((value) => value ?? null);
}

function byRequest<Shift extends { readonly atRequest: number }>(shifts: readonly Shift[]): Shift[] {
  return shifts.toSorted((one, other) => one.atRequest - other.atRequest);
}

const text = z.string().min(1, 'must be a text that is not empty');
const share = z.number().min(0, 'must be 0 or more').max(1, 'must be 1 or less');
const count = z.int('must be a whole number').min(0, 'must be 0 or more');
const countFromOne = z.int('must be a whole number').min(1, 'must be 1 or more');
const amount = z.number().min(0, 'must be 0 or more');
const numbers = z.record(z.string(), z.number());
const shares = z.record(z.string(), share);
const phrases = z.array(text).min(1, 'needs at least one phrase');

const input = fields({
  text,
  answer: text,
  segment: orNull(text),
  difficulty: z.number().default(0),
});

const agent = fields({
  systemPrompt: text,
  slots: z.record(z.string(), z.array(z.string()).min(1, 'needs at least one value')).default({}),
  inputs: z.array(input).min(1, 'needs at least one input'),
  turns: countFromOne.default(1),
  promptChange: z
    .array(fields({ atRequest: count, systemPrompt: text }))
    .default([])
    .transform(byRequest),
});

const facet = fields({
  id: text,
  any: phrases,
  effect: z.number().default(0),
  segments: numbers.default({}),
  outputTokens: z.number().default(0),
  latencyMs: z.number().default(0),
});

const model = fields({
  baseAccuracy: share,
  consistency: share.default(0.5),
  wrongAnswers: z.array(text).default([]),
  promptTokenPenalty: z.number().default(0),
  outputTokens: amount.default(20),
  latencyMs: amount.default(300),
  facets: z.array(facet).default([]),
  interactions: z
    .array(fields({ facets: z.array(text).min(1, 'needs at least one facet'), effect: z.number() }))
    .default([]),
  output: z.enum(['text', 'json', 'tool']).default('text'),
  malformed: share.default(0),
});

const facetShift = fields({
  effect: orNull(z.number()),
  segments: orNull(numbers),
  outputTokens: orNull(z.number()),
  latencyMs: orNull(z.number()),
});

const modelShift = fields({
  atRequest: count,
  baseAccuracy: orNull(share),
  consistency: orNull(share),
  promptTokenPenalty: orNull(z.number()),
  outputTokens: orNull(amount),
  latencyMs: orNull(amount),
  facets: z.record(z.string(), facetShift).default({}),
});

const intent = z.string().default('');
const weight = amount.default(1);
const edit = z
  .discriminatedUnion('op', [
    fields({ op: z.literal('insert'), intent, weight, text, after: text.optional() }),
    fields({ op: z.literal('replace'), intent, weight, find: text, text: z.string() }),
    fields({ op: z.literal('delete'), intent, weight, find: text }),
    fields({ op: z.literal('add-example'), intent, weight, text }),
  ])
  .transform(({ weight: poolWeight, ...rest }): PoolEdit => {
    if (rest.op !== 'insert') return { edit: rest, weight: poolWeight };
    const { after, ...insert } = rest;
    return { edit: after === undefined ? insert : { ...insert, after }, weight: poolWeight };
  });

const optimizerFields = {
  insight: share.default(0),
  facets: z
    .array(fields({ any: phrases, insight: z.number().default(0), harm: z.number().default(0) }))
    .default([]),
};

const judge = fields({
  falsePass: share.default(0),
  falseFail: share.default(0),
  facetBias: numbers.default({}),
  orderBias: z.number().min(-1, 'must be -1 or more').max(1, 'must be 1 or less').default(0),
});

const feedback = fields({
  metric: text.default('score'),
  delayRequests: z
    .tuple([count, count])
    .refine(([least, most]) => least <= most, 'must be [least, most]; swap the two numbers')
    .default([0, 0]),
  missing: share.default(0),
  missingByFacet: shares.default({}),
  flip: share.default(0),
  withExpected: share.default(0),
  withComment: share.default(0),
  level: z.enum(['request', 'episode']).default('request'),
});

const settings = {
  name: text,
  requestsPerDay: z.number().gt(0, 'must be more than 0').default(2000),
  prices: fields({
    inputPerMillion: amount.default(defaultPrice.inputPerMillion),
    outputPerMillion: amount.default(defaultPrice.outputPerMillion),
  }).prefault({}),
  task: orNull(z.record(z.string(), z.unknown())),
  judge: judge.prefault({}),
  feedback: feedback.prefault({}),
};

const facetsWorld = fields({
  kind: z.literal('facets'),
  ...settings,
  agent,
  model,
  shifts: z.array(modelShift).default([]).transform(byRequest),
  optimizer: fields({ ...optimizerFields, edits: z.array(edit).default([]) }).prefault({}),
});

const replayWorld = fields({
  kind: z.literal('replay'),
  ...settings,
  source: orNull(z.string()),
  prompts: z.array(fields({ id: text, text })).min(1, 'needs at least one prompt'),
  baseline: text,
  items: z
    .array(fields({ id: text, text, answer: text, segment: orNull(text) }))
    .min(1, 'needs at least one item'),
  outcomes: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  accuracy: z.record(z.string(), shares).default({}),
  model: text,
  shifts: z
    .array(fields({ atRequest: count, model: text }))
    .default([])
    .transform(byRequest),
  optimizer: fields(optimizerFields).prefault({}),
});

const worldSchema = z.discriminatedUnion('kind', [facetsWorld, replayWorld], {
  error: (issue) => (issue.code === 'invalid_union' ? 'must be "facets" or "replay"' : undefined),
});
