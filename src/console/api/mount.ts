import type { Context, Hono } from 'hono';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ConsoleEnv } from '../actor.ts';
import type { ApiDeps } from './api-deps.ts';
import { assertMay } from './assert-may.ts';
import { contentTag, namesTag } from './etag.ts';
import type { ApiAnswer, Operation, RawRequest } from './operation.schema.ts';

/** Longest body of a request, bytes. */
const bodyBytesMax = 1024 * 1024;

/** Puts operations behind a guard that has said who asks. */
export function mountOperations(
  app: Hono<ConsoleEnv>,
  operations: readonly Operation[],
  deps: ApiDeps,
): void {
  for (const operation of operations) {
    const path = operation.spec.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(operation.spec.method.toUpperCase(), path, async (context) => {
      const actor = context.get('actor');
      assertMay(actor, operation);
      const gone = new AbortController();
      const request = await readRequest(context, operation, gone.signal);
      try {
        const answer = await operation.run(request, deps);
        if (answer.kind === 'value') gone.abort();
        return respond(context, operation, { answer, gone });
      } catch (error) {
        gone.abort();
        throw error;
      }
    });
  }
}

async function readRequest(
  context: Context<ConsoleEnv>,
  { schemas: { body } }: Operation,
  gone: AbortSignal,
): Promise<RawRequest> {
  const { req } = context;
  return {
    params: req.param(),
    query: req.query(),
    body: body === undefined ? undefined : await readBody(context),
    actor: context.get('actor'),
    ifMatch: req.header('if-match') ?? null,
    lastEventId: req.header('last-event-id') ?? null,
    signal: AbortSignal.any([req.raw.signal, gone]),
  };
}

/** A body that a page of another origin cannot have a browser send unasked: only JSON that says so. */
async function readBody({ req }: Context<ConsoleEnv>): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(req.header('content-type') ?? ''))
    throw new RatchetError('unsupported_media_type', 'send JSON with content-type: application/json');
  const text = await boundedText(req.raw.body);
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    throw new RatchetError('invalid_json', 'the body is no JSON');
  }
}

async function boundedText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax)
      throw new RatchetError('payload_too_large', `the body is longer than ${bodyBytesMax} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function respond(
  context: Context<ConsoleEnv>,
  { spec: { mediaType = 'application/json', status = 200, method } }: Operation,
  { answer, gone }: { readonly answer: ApiAnswer<unknown>; readonly gone: AbortController },
): Response {
  const headers = {
    'content-type': `${mediaType}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  if (answer.kind === 'stream')
    // Proxies that gather a response before they pass it on are asked not to.
    return context.body(streamOf(answer.chunks, gone), 200, { ...headers, 'x-accel-buffering': 'no' });
  const text = JSON.stringify(answer.value);
  const etag = answer.etag ?? (method === 'get' ? contentTag(text) : undefined);
  const seen = context.req.header('if-none-match');
  if (method === 'get' && etag !== undefined && seen !== undefined && namesTag(seen, etag))
    return context.body(null, 304, { ...headers, etag });
  return context.body(text, status, etag === undefined ? headers : { ...headers, etag });
}

/** Asks for the next chunk only when the client has taken the one before. */
function streamOf(chunks: AsyncIterable<string>, gone: AbortController): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await iterator.next().catch((error: unknown) => {
          gone.abort();
          throw error;
        });
        if (done === true) {
          controller.close();
          gone.abort();
        } else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        gone.abort();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
