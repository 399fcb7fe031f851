import { z } from 'zod';
import type { AdminRole } from '../../domain/admin-token.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { Actor } from '../actor.ts';
import type { ApiDeps } from './api-deps.ts';

/** A request whose parts have been checked. */
export interface ApiRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly actor: Actor;
  /** What the client has seen of the thing that it changes; `null`: it does not say. */
  readonly ifMatch: string | null;
  /** Ends when the client goes away or the server stops. */
  readonly signal: AbortSignal;
  /** Place in the log of changes that the client has seen; `null`: it does not say. */
  readonly lastEventId: string | null;
}

/** What an operation answers with. */
export type ApiAnswer<Result> =
  | {
      readonly kind: 'value';
      readonly value: Result;
      /** Of a thing with versions; else it is made from the content. */
      readonly etag?: string;
    }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<string> };

/** One thing that the API can do: what it takes and gives, in schemas, and how. */
export interface OperationSpec<Params, Query, Body, Result> {
  /** Stable name, such as `listTasks`. */
  readonly id: string;
  readonly method: 'get' | 'post';
  /** With parameters in braces, as OpenAPI has them. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly role: AdminRole;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly result: z.ZodType<Result>;
  /** Default: `application/json`. Streams have one value of `result` a line or event. */
  readonly mediaType?: 'application/json' | 'application/jsonl' | 'text/event-stream';
  /** Default 200. */
  readonly status?: 200 | 201;
  /** Whether `If-Match` is heeded. */
  readonly isConditional?: true;
  readonly handle: (request: ApiRequest<Params, Query, Body>, deps: ApiDeps) => Promise<ApiAnswer<Result>>;
}

/** A request as it came. */
export type RawRequest = ApiRequest<unknown, unknown, unknown>;

/** An operation whose types have been settled. */
export interface Operation<Result = unknown> {
  readonly spec: Omit<
    OperationSpec<never, never, never, never>,
    'handle' | 'params' | 'query' | 'body' | 'result'
  >;
  readonly schemas: {
    readonly params: z.ZodType;
    readonly query: z.ZodType;
    readonly body: z.ZodType | undefined;
    readonly result: z.ZodType<Result>;
  };
  readonly run: (raw: RawRequest, deps: ApiDeps) => Promise<ApiAnswer<Result>>;
}

/** Makes an operation that checks what comes by the schemas that its documentation is made from. */
export function operation<Params = unknown, Query = unknown, Body = unknown, Result = unknown>(
  definition: OperationSpec<Params, Query, Body, Result>,
): Operation<Result> {
  const { params, query, body, result, handle, ...spec } = definition;
  return {
    spec,
    schemas: { params: params ?? nothing, query: query ?? nothing, body, result },
    run: async (raw, deps) =>
      handle(
        {
          ...raw,
          params: checked(params, raw.params),
          query: checked(query, raw.query),
          body: checked(body, raw.body),
        },
        deps,
      ),
  };
}

const nothing: z.ZodType = z.strictObject({});

/** Without a schema nothing is read of the part, whose type is then unknown. */
function checked<Part>(schema: z.ZodType<Part> | undefined, part: unknown): Part {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (schema === undefined) return undefined as Part;
  const parsed = schema.safeParse(part);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  const message = issue?.message ?? 'invalid';
  throw path === ''
    ? new RatchetError('invalid_request', message)
    : new RatchetError('invalid_request', `${path}: ${message}`, { param: path });
}
