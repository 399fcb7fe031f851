import { z } from 'zod';
import type { GraderEntry } from './entries.ts';
import { durationSchema } from './duration.schema.ts';

const weight = z.number().gt(0).optional().describe('Weight of the grader in the score, above 0. Default 1.');

const regexGrader = z
  .strictObject({
    kind: z.literal('regex'),
    pattern: z.string().min(1).describe('A JavaScript regular expression that a good answer matches.'),
    flags: z
      .string()
      .regex(/^[dgimsuvy]*$/, 'expected flags of a JavaScript regular expression')
      .optional(),
    weight,
  })
  .refine(({ pattern, flags }) => isRegularExpression(pattern, flags), {
    path: ['pattern'],
    message: 'expected a regular expression that compiles',
  });

const normalisedGrader = z.strictObject({
  kind: z.literal('normalised'),
  ignore: z
    .array(z.enum(['case', 'unicode', 'whitespace', 'punctuation', 'accents', 'articles']))
    .optional()
    .describe('What does not count. Default [case, unicode, whitespace, punctuation]; []: byte for byte.'),
  match: z
    .enum(['whole', 'contains'])
    .optional()
    .describe('contains: expected stands somewhere in the answer, as whole words. Default whole.'),
  weight,
});

const tolerance = z.number().gte(0).optional();
const numericGrader = z.strictObject({
  kind: z.literal('numeric'),
  absolute: tolerance.describe('Largest difference that counts as right. Default 0.'),
  relative: tolerance.describe('The same as a share of the expected number, such as 0.01. Default 0.'),
  take: z
    .enum(['last', 'first', 'only'])
    .optional()
    .describe('Which number of the answer counts; only: an answer with several is wrong. Default last.'),
  decimal: z.enum(['point', 'comma']).optional().describe('Sign before decimals. Default point.'),
  field: z
    .string()
    .min(1)
    .optional()
    .describe('Path of the number in a JSON answer, such as total.amount or items.0.price.'),
  weight,
});

const webhookGrader = z.strictObject({
  kind: z.literal('webhook'),
  url: z
    .url({ protocol: /^https?$/, message: 'expected an http or https URL' })
    .refine((url) => !hasUserInfo(url), 'expected a URL without user name and password; use secret_env')
    .describe('Gets each answer by POST and says {"score": 0 to 1}.'),
  timeout: durationSchema
    .refine((milliseconds) => milliseconds <= 120_000, 'expected at most 2m')
    .optional()
    .describe('Longest wait for an answer. Default 10s.'),
  secret_env: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable')
    .optional()
    .describe('Environment variable whose value is sent as a bearer token.'),
  weight,
});

/** A grader of a task in `ratchet.yaml`. */
export const graderSchema: z.ZodType<GraderEntry> = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('exact'), against: z.literal('expected').optional(), weight }),
    normalisedGrader,
    numericGrader,
    z.strictObject({
      kind: z.literal('json-schema'),
      schema: z
        .union([z.string().min(1), z.record(z.string(), z.unknown())])
        .describe('A JSON schema, or the path of a file that holds one, relative to the configuration file.'),
      weight,
    }),
    regexGrader,
    z.strictObject({ kind: z.literal('tool-call'), weight }),
    z.strictObject({
      kind: z.literal('similarity'),
      floor: z
        .number()
        .gte(0)
        .lt(1)
        .optional()
        .describe('Cosine that counts 0; 1 counts 1, and what lies between goes evenly. Default 0.'),
      weight,
    }),
    webhookGrader,
    z.strictObject({
      kind: z.literal('judge'),
      rubric: z.string().min(1).describe('What a model should look for, in plain words.'),
      weight,
    }),
  ])
  .describe(
    'How an output is scored without a person: exact, normalised, numeric, json-schema, regex, tool-call, similarity, webhook or judge.',
  );

function isRegularExpression(pattern: string, flags: string | undefined): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

function hasUserInfo(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && (parsed.username !== '' || parsed.password !== '');
}
