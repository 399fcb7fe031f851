import { z } from 'zod';
import { adminRoles, keyRoles } from './api-keys.ts';
import { durationSchema } from './duration.schema.ts';
import { jsonSchemaOf, fileTaskSchema } from './task.schema.ts';
import type { ConfigEntries } from './entries.ts';
import { suggestion, type JsonSchema } from './schema-fault.ts';
import { httpUrl, routesSchema, upstreamListSchema, upstreamsSchema } from './upstream.schema.ts';
import { parseLocation } from '../store/database-location.ts';

/** Shortest secret that is accepted: 16 characters of base64url are 96 bits. */
const secretCharactersMin = 16;
const secret = z.string().min(secretCharactersMin);
const key = z.string().min(1);

const price = z.strictObject({
  input_per_million: z.number().gte(0).describe('US dollars per million tokens read.'),
  output_per_million: z.number().gte(0).describe('US dollars per million tokens written.'),
});

const keyId = z.string().regex(/^[\w.-]{1,64}$/, 'expected up to 64 letters, digits, _, - and .');

const adminTokenEntry = z.strictObject({
  id: keyId.describe('Names the token in logs and in the audit log.'),
  secret: secret.describe('What its holder sends as bearer token; 16 characters or more.'),
  role: z.enum(adminRoles).describe('viewer: reads; operator: changes too.'),
});

const apiKey = z.strictObject({
  id: keyId.describe('Names the key in logs and in the store.'),
  secret: secret.describe('What clients send as their API key; 16 characters or more.'),
  roles: z
    .array(z.enum(keyRoles))
    .min(1)
    .describe('infer: completions; feedback: scores; trusted: its expected answers count as ground truth.'),
  limits: z
    .strictObject({
      requests_per_minute: z.int().gte(1).optional().describe('Requests in a minute of the clock.'),
      requests_per_day: z.int().gte(1).optional().describe('Requests in a UTC day.'),
      tokens_per_day: z.int().gte(1).optional().describe('Tokens read and written in a UTC day.'),
      usd_per_day: z.number().gt(0).optional().describe('US dollars in a UTC day, by prices.'),
      feedback_per_minute: z.int().gte(1).optional().describe('Feedback in a minute of the clock.'),
    })
    .optional()
    .describe('What the key may use. Default: no limits.'),
});

/**
 * Everything that can be set. Each top-level key has an environment variable `RATCHET_…` of the same name in capitals,
 * except `upstreams`, `fallback`, `routes`, `shadow`, `prices` and `tasks`, which only the file can hold.
 */
const settings = z
  .strictObject({
    port: z.int().gte(0).lte(65_535).default(8787).describe('Port to listen on, 0 for any free one.'),
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
    upstream: httpUrl
      .default('https://api.openai.com/v1')
      .describe('Base URL of the OpenAI-compatible service.'),
    upstream_key: key
      .optional()
      .describe("Key for upstream; without one each client's own Authorization header is passed on."),
    upstreams: upstreamsSchema.default({}),
    fallback: upstreamListSchema
      .optional()
      .describe('Upstreams for everything that no other list is for, in order. Default [default].'),
    routes: routesSchema.default([]),
    role: z
      .enum(['all', 'proxy', 'learner'])
      .default('all')
      .describe(
        'What this process does where several share a database: proxy serves and never learns; learner and all do both.',
      ),
    database: z
      .string()
      .refine(
        (text) => parseLocation(text, (path) => path) !== undefined,
        'expected sqlite:<path> or postgres://user:password@host:5432/database',
      )
      .default('sqlite:./ratchet.db')
      .describe(
        'Where everything is kept: sqlite:./ratchet.db, or postgres://… where several processes share it.',
      ),
    keys: z
      .array(apiKey)
      .default([])
      .superRefine((keys, context) => {
        for (const field of ['id', 'secret'] as const)
          keys.forEach((one, index) => {
            if (keys.findIndex((other) => other[field] === one[field]) < index)
              context.addIssue({
                code: 'custom',
                path: [index, field],
                message: `expected an ${field} that no other key has`,
              });
          });
      })
      .describe('Keys that clients authenticate with.'),
    admin_token: secret
      .optional()
      .describe('Opens the control plane to an operator named admin; 16 characters or more.'),
    admin_tokens: z.array(adminTokenEntry).default([]).describe('Tokens of several people, with roles.'),
    secret: secret.optional().describe('Signs decision ids; made and kept in the database when unset.'),
    learning_key: key
      .optional()
      .describe("Key for Ratchet's own model calls. Default: upstream_key, then OPENAI_API_KEY."),
    learning_upstream: httpUrl.optional().describe("Where Ratchet's own model calls go. Default: upstream."),
    optimizer_model: key.default('gpt-4o').describe('Model that proposes edits.'),
    judge_model: key.default('gpt-4o-mini').describe('Model that judges answers.'),
    embedding_model: key
      .default('text-embedding-3-small')
      .describe('Model that embeds prompts and answers; local: without a model, by their letters.'),
    record: z
      .enum(['off', 'metadata', 'full'])
      .default('full')
      .describe('What is stored of a request: nothing, all but text, or text too.'),
    record_share: z
      .number()
      .gt(0)
      .lte(1)
      .default(1)
      .describe(
        'Share of conversations that are recorded, above 0. Feedback by signed id counts for all of them.',
      ),
    retention: durationSchema
      .default(14 * 86_400_000)
      .describe('How long decisions and texts are kept, such as 14d.'),
    automatic_tasks: z.boolean().default(true).describe('Whether prompts without a task name become tasks.'),
    capture_content: z
      .boolean()
      .optional()
      .describe('Whether prompts, completions and comments are exported in traces.'),
    log_level: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least level that is logged.'),
    drain_timeout: durationSchema
      .default(12_000)
      .describe('How long requests under way may take when the server stops, such as 12s.'),
    shadow: z
      .strictObject({
        concurrency: z
          .int()
          .gte(1)
          .lte(1_000)
          .default(4)
          .describe('Model calls of shadow evaluation at a time.'),
        requests_per_minute: z
          .int()
          .gte(1)
          .optional()
          .describe('Model calls a minute, over all tasks. Default: no limit.'),
        usd_per_day: z
          .number()
          .gte(0)
          .optional()
          .describe(
            'US dollars a day that all tasks together may spend on learning. Default: each its own budget.',
          ),
        headroom: z
          .number()
          .gte(0)
          .lt(1)
          .default(0.2)
          .describe('Share of an upstream’s rate limit that is left to user traffic.'),
      })
      .prefault({})
      .describe('Limits of shadow evaluation and judges, apart from user traffic.'),
    prices: z.record(z.string().min(1), price).default({}).describe('Prices by model, for budgets.'),
    tasks: z
      .record(z.string().min(1).max(200), fileTaskSchema(upstreamListSchema))
      .default({})
      .describe('Settings by task name.'),
  })
  .superRefine(({ admin_token: single, admin_tokens: tokens }, context) => {
    const all = single === undefined ? tokens : [{ id: 'admin', secret: single }, ...tokens];
    for (const field of ['id', 'secret'] as const)
      tokens.forEach((one, index) => {
        if (all.filter((other) => other[field] === one[field]).length > 1)
          context.addIssue({
            code: 'custom',
            path: ['admin_tokens', index, field],
            message: `expected ${field === 'id' ? 'an id' : 'a secret'} that no other token has`,
          });
      });
  })
  .superRefine(({ upstreams, fallback, routes, tasks }, context) => {
    const declared = [...new Set(['default', ...Object.keys(upstreams)])];
    const check = (path: readonly (string | number)[], names: readonly string[] | undefined): void =>
      names?.forEach((name, index) => {
        if (declared.includes(name)) return;
        const message = `expected an upstream that is declared under upstreams${suggestion(name, declared)}`;
        context.addIssue({ code: 'custom', path: [...path, index], message });
      });
    check(['fallback'], fallback);
    routes.forEach((route, index) => check(['routes', index, 'upstreams'], route.upstreams));
    for (const [name, task] of Object.entries(tasks)) check(['tasks', name, 'upstreams'], task.upstreams);
  })
  .describe('Configuration of Ratchet.');

/** Checks the settings of environment and file together. */
export const configFileSchema: z.ZodType<ConfigEntries> = settings;

/** Every top-level key of the file. */
export const settingNames: readonly string[] = Object.keys(settings.shape);

/** The JSON schema of `ratchet.yaml`, published for editors as `docs/ratchet.schema.json`. */
export function configJsonSchema(): JsonSchema {
  return jsonSchemaOf(configFileSchema);
}
