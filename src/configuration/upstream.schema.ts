import { z } from 'zod';
import { credentialHeaders } from '../domain/credential.ts';
import { troubleNames } from '../domain/upstream.ts';
import type { RouteEntry, UpstreamEntry } from './entries.ts';
import { durationSchema } from './duration.schema.ts';

/** A base URL, without a slash at its end. */
export const httpUrl: z.ZodType<string, string> = z
  .string()
  .refine(isHttpUrl, 'expected an http or https address without user name, query and fragment')
  .transform((text) => text.replace(/\/+$/, ''));

const troubles = z
  .array(
    z.union(
      [z.enum(troubleNames), z.int().gte(400).lte(599)],
      `expected ${troubleNames.join(', ')} or a status from 400 to 599`,
    ),
  )
  .describe(
    'refused: nobody listens; unreachable: no connection; reset: it broke before the response began; ' +
      'timeout: no response in time; 5xx, or a status such as 429.',
  );

const retries = z
  .strictObject({
    max: z.int().gte(0).lte(10).optional().describe('Further attempts. Default 2.'),
    on: troubles.optional().describe('After what the upstream is asked again. Default [refused].'),
    pause_max: durationSchema
      .optional()
      .describe('Longest pause; an upstream that asks for a longer one is not asked again. Default 10s.'),
    for_retrying_clients: z
      .boolean()
      .optional()
      .describe('Whether also for clients that try again themselves. Default false.'),
  })
  .describe('When the same upstream is asked again, before a response has begun.');

const queue = z
  .strictObject({
    max: z.int().gte(0).lte(1_000_000).optional().describe('Requests that may wait. Default 1000.'),
    timeout: durationSchema.optional().describe('How long one of them waits at most. Default 30s.'),
  })
  .describe('Requests beyond the concurrency.');

const breaker = z
  .strictObject({
    share: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('It counts as down when more than this share of the last calls failed. Default 0.5.'),
    calls: z
      .int()
      .gte(2)
      .lte(10_000)
      .optional()
      .describe('How many last calls are looked at. Default 20, at least half of which must have been made.'),
    pause: durationSchema.optional().describe('How long others are tried first. Default 5s.'),
    on: troubles
      .optional()
      .describe('What counts as a failure. Default [refused, unreachable, reset, timeout, 5xx].'),
    fail_fast: z
      .boolean()
      .optional()
      .describe(
        'Whether it gets no request at all while it counts as down. Default false: it is tried last.',
      ),
  })
  .describe('When an upstream counts as down.');

const upstream = z.strictObject({
  url: httpUrl.optional().describe('Base URL of the OpenAI-compatible service.'),
  key: z.string().min(1).optional().describe('Key for it.'),
  key_env: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable')
    .optional()
    .describe('Name of the environment variable that holds the key for it.'),
  key_header: z
    .enum(credentialHeaders)
    .optional()
    .describe("Header that the key goes into. Default: where the client's own credential was."),
  credential: z
    .enum(['client', 'none'])
    .optional()
    .describe(
      "What goes to an upstream without a key: client, the client's own credential, or none. Default none.",
    ),
  models: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe('Names of models there, by the name that clients use.'),
  usage: z
    .enum(['as-sent', 'request'])
    .optional()
    .describe('request: streams are asked for their usage, which is taken out again. Default as-sent.'),
  connect_timeout: durationSchema.optional().describe('Until a connection must stand. Default 10s.'),
  first_byte_timeout: durationSchema.optional().describe('Until the response must begin. Default 15m.'),
  idle_timeout: durationSchema
    .optional()
    .describe('How long may pass between two pieces of a response. Default 15m.'),
  keep_alive: durationSchema
    .optional()
    .describe('How long an idle connection is kept where the upstream does not say. Default 30s.'),
  retries: retries.optional(),
  concurrency: z.int().gte(1).optional().describe('Requests at a time. Default: no limit.'),
  queue: queue.optional(),
  breaker: breaker.optional(),
});

/** Names of upstreams stand in a response header and in labels of metrics. */
const nameFault = 'expected a name of up to 64 letters, digits, _, - and .';
const namePattern = /^[\w.-]{1,64}$/;

/** A list of upstreams in the order in which they are tried. That each of them is declared is checked elsewhere. */
export const upstreamListSchema: z.ZodType<readonly string[]> = z
  .array(z.string())
  .min(1)
  .refine((names) => new Set(names).size === names.length, 'expected each upstream once')
  .describe('Names of upstreams, in the order in which they are tried.');

/** The upstreams by name. */
export const upstreamsSchema: z.ZodType<Readonly<Record<string, UpstreamEntry>>> = z
  .record(z.string(), upstream)
  .superRefine((upstreams, context) => {
    for (const name of Object.keys(upstreams))
      if (!namePattern.test(name)) context.addIssue({ code: 'custom', path: [name], message: nameFault });
    for (const [name, entry] of Object.entries(upstreams))
      for (const { field, message } of faultsOf(name, entry))
        context.addIssue({ code: 'custom', path: [name, field], message });
  })
  .describe('Upstreams by name; `default` is the one that `upstream` and `upstream_key` are about.');

/** Lists of upstreams for models. */
export const routesSchema: z.ZodType<readonly RouteEntry[]> = z
  .array(
    z.strictObject({
      models: z.array(z.string().min(1)).min(1).describe('Names of models, in which * stands for any text.'),
      upstreams: upstreamListSchema,
    }),
  )
  .describe('Upstreams by model; the first entry that has the model counts.');

interface Fault {
  readonly field: keyof UpstreamEntry;
  readonly message: string;
}

function faultsOf(name: string, entry: UpstreamEntry): readonly Fault[] {
  const isDefault = name === 'default';
  const faults: (Fault | false)[] = [
    isDefault &&
      entry.url !== undefined && {
        field: 'url',
        message: 'expected upstream (RATCHET_UPSTREAM) in its place',
      },
    ...(['key', 'key_env'] as const).map(
      (field) =>
        isDefault &&
        entry[field] !== undefined && {
          field,
          message: 'expected upstream_key (RATCHET_UPSTREAM_KEY) in its place',
        },
    ),
    !isDefault &&
      entry.url === undefined && { field: 'url', message: 'expected a base URL, such as https://host/v1' },
    entry.key !== undefined &&
      entry.key_env !== undefined && { field: 'key_env', message: 'expected key or key_env, not both' },
    (entry.key !== undefined || entry.key_env !== undefined) &&
      entry.credential !== undefined && {
        field: 'credential',
        message: 'expected no credential beside a key',
      },
    entry.queue !== undefined &&
      entry.concurrency === undefined && { field: 'queue', message: 'expected concurrency beside it' },
  ];
  return faults.filter((fault) => fault !== false);
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username + password + search + hash === '';
}
