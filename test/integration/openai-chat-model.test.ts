import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../src/domain/chat.ts';
import { RatchetError } from '../../src/domain/ratchet-error.ts';
import {
  createOpenAiChatModel,
  type OpenAiChatModelOptions,
} from '../../src/upstream/openai/openai-chat-model.ts';
import type { ChatModel } from '../../src/upstream/chat-model.ts';

const apiKey = 'sk-secret-of-the-operator';
const request: ChatRequest = {
  model: 'gpt-test',
  messages: [{ role: 'user', content: 'private words of a user' }],
  seed: 7,
};
const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }],
  usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
};

const responseBody = {
  id: 'resp_1',
  object: 'response',
  output: [
    {
      type: 'message',
      content: [
        { type: 'output_text', text: 'hello' },
        { type: 'refusal', refusal: 'no more' },
      ],
    },
    { type: 'function_call', call_id: 'c', name: 'refund', arguments: '{"id":4}' },
  ],
  usage: { input_tokens: 11, output_tokens: 3, total_tokens: 14 },
};

interface Seen {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

let server: Server | undefined;
let seen: Seen[] = [];

type Reply = (response: ServerResponse, attempt: number) => void;

async function modelBehind(reply: Reply, options: Partial<OpenAiChatModelOptions> = {}): Promise<ChatModel> {
  seen = [];
  server = createServer((incoming, response) => {
    let text = '';
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
    incoming.on('end', () => {
      seen.push({
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: JSON.parse(text) as Record<string, unknown>,
      });
      reply(response, seen.length);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createOpenAiChatModel({
    baseUrl: `http://127.0.0.1:${port}/v1`,
    apiKey,
    clock: { now: () => Date.now() },
    ...options,
  });
}

const json =
  (body: unknown, status = 200): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

async function failureOf(model: ChatModel, signal?: AbortSignal): Promise<RatchetError> {
  const error: unknown = await model.complete(request, signal === undefined ? {} : { signal }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RatchetError);
  return error as RatchetError;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('what is sent', () => {
  it('is the request with the key, to the path below the base URL', async () => {
    const model = await modelBehind(json(answer));
    await model.complete(request);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ url: '/v1/chat/completions', body: request });
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
  });

  it('asks for one whole answer, even if the recorded request wanted a stream of several', async () => {
    const model = await modelBehind(json(answer));
    await model.complete({ ...request, stream: true, stream_options: { include_usage: true }, n: 3 });
    expect(seen[0]?.body).toEqual(request);
  });

  it('is a responses request in its own format, to the path of responses', async () => {
    const asked = { model: 'gpt-test', instructions: 'p', input: 'x', store: false };
    const model = await modelBehind(json({ ...responseBody, status: 'completed' }));
    await model.complete({ ...asked, stream: true, background: true });
    expect(seen[0]).toMatchObject({ url: '/v1/responses', body: asked });
    expect(Object.keys(seen[0]?.body ?? {})).toEqual(Object.keys(asked));
  });

  it('takes nothing from the environment of the client library', async () => {
    process.env['OPENAI_ORG_ID'] = 'org-of-someone';
    process.env['OPENAI_PROJECT_ID'] = 'project-of-someone';
    try {
      const model = await modelBehind(json(answer));
      await model.complete(request);
    } finally {
      delete process.env['OPENAI_ORG_ID'];
      delete process.env['OPENAI_PROJECT_ID'];
    }
    expect(JSON.stringify(seen[0]?.headers)).not.toContain('of-someone');
  });
});

describe('what is read', () => {
  it('is of a response its text, tool calls, refusal, usage and why it ended', async () => {
    const model = await modelBehind(json({ ...responseBody, status: 'incomplete' }));
    expect(await model.complete({ model: 'm', input: 'x' })).toMatchObject({
      completion: {
        text: 'hello',
        toolCalls: [{ name: 'refund', arguments: '{"id":4}' }],
        finishReason: 'length',
        refusal: 'no more',
      },
      usage: { inputTokens: 11, outputTokens: 3 },
    });
  });

  it.each([{ ...answer }, { id: 'resp_1', status: 'failed', output: [] }, {}])(
    'is no response: %j',
    async (body) => {
      const model = await modelBehind(json(body));
      await expect(model.complete({ model: 'm', input: 'x' })).rejects.toMatchObject({
        code: 'invalid_model_output',
      });
    },
  );

  it('is text, finish reason, usage and the time that it took', async () => {
    let now = 1_000;
    const model = await modelBehind(json(answer), { clock: { now: () => (now += 250) } });
    expect(await model.complete(request)).toEqual({
      completion: { text: 'hello', toolCalls: [], finishReason: 'stop', refusal: null },
      usage: { inputTokens: 11, outputTokens: 3 },
      latencyMs: 250,
    });
  });

  it('is tool calls of functions and of free text', async () => {
    const message = {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'refund', arguments: '{"id":4}' } },
        { id: 'b', type: 'custom', custom: { name: 'note', input: 'plain' } },
      ],
    };
    const model = await modelBehind(json({ ...answer, choices: [{ finish_reason: 'tool_calls', message }] }));
    expect((await model.complete(request)).completion).toEqual({
      text: '',
      toolCalls: [
        { name: 'refund', arguments: '{"id":4}' },
        { name: 'note', arguments: 'plain' },
      ],
      finishReason: 'tool_calls',
      refusal: null,
    });
  });

  it('is a refusal', async () => {
    const message = { role: 'assistant', content: null, refusal: 'No.' };
    const model = await modelBehind(json({ ...answer, choices: [{ finish_reason: 'stop', message }] }));
    expect((await model.complete(request)).completion.refusal).toBe('No.');
  });

  it.each([
    ['no usage', { choices: answer.choices }],
    ['usage in another shape', { ...answer, usage: { total: 4 } }],
  ])('is an estimate that is not too low where the server gives %s', async (_, body) => {
    const model = await modelBehind(json(body));
    const { usage } = await model.complete(request);
    expect(usage.inputTokens).toBeGreaterThan(5);
    expect(usage.outputTokens).toBeGreaterThan(1);
  });
});

describe('an answer', () => {
  it('tells how near upstream is to its rate limit', async () => {
    const model = await modelBehind((response, attempt) => {
      response.setHeader('x-ratelimit-limit-requests', '100');
      response.setHeader('x-ratelimit-remaining-requests', '5');
      response.setHeader('x-ratelimit-reset-requests', '12s');
      json(answer)(response, attempt);
    });
    expect((await model.complete(request)).rateLimit).toMatchObject({ leftShare: 0.05 });
  });
});

describe('what goes wrong', () => {
  it.each([
    [400, 'upstream_unreachable', false],
    [401, 'upstream_unreachable', false],
    [404, 'upstream_unreachable', false],
    [408, 'upstream_timeout', true],
    [429, 'upstream_overloaded', true],
    [500, 'upstream_unreachable', true],
    [504, 'upstream_timeout', true],
  ] as const)(
    'status %i becomes %s, retryable: %s, and quotes nothing',
    async (status, code, isRetryable) => {
      const quoting = { error: { message: `bad key ${apiKey} for private words of a user`, type: 't' } };
      const model = await modelBehind(json(quoting, status), { retriesMax: 0 });
      const error = await failureOf(model);
      expect(error).toMatchObject({ code, isRetryable });
      expect(error.message).toContain(String(status));
      const everything = inspect(error, { depth: 10, showHidden: true });
      expect(everything).not.toContain(apiKey);
      expect(everything).not.toContain('private words');
    },
  );

  it('tells when to come again after too many requests', async () => {
    const busy: Reply = (response) => response.writeHead(429, { 'retry-after': '7' }).end('{}');
    const model = await modelBehind(busy, { retriesMax: 2 });
    const error: unknown = await model
      .complete(request, { retriesMax: 0 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'upstream_overloaded', retryAfterMs: 7000 });
    expect(seen).toHaveLength(1);
  });

  it('is tried again, as often as allowed and no more', async () => {
    const failing: Reply = (response) => response.writeHead(503, { 'retry-after-ms': '1' }).end('overloaded');
    await failureOf(await modelBehind(failing, { retriesMax: 2 }));
    expect(seen).toHaveLength(3);
  });

  it('is forgotten when a later attempt succeeds', async () => {
    const model = await modelBehind((response, attempt) =>
      attempt === 1
        ? response.writeHead(429, { 'retry-after-ms': '1' }).end('{}')
        : json(answer)(response, attempt),
    );
    expect((await model.complete(request)).completion.text).toBe('hello');
    expect(seen).toHaveLength(2);
  });

  it('is a timeout when no head arrives', async () => {
    const model = await modelBehind(() => {}, { attemptMsMax: 50, retriesMax: 0 });
    expect(await failureOf(model)).toMatchObject({ code: 'upstream_timeout', isRetryable: true });
  });

  it('is a timeout when the body never ends', async () => {
    const endless: Reply = (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":');
    const model = await modelBehind(endless, { callMsMax: 100 });
    expect(await failureOf(model)).toMatchObject({ code: 'upstream_timeout', isRetryable: true });
  });

  it('is the end of the call when the caller gives up', async () => {
    const model = await modelBehind(() => {});
    const error = await failureOf(model, AbortSignal.timeout(50));
    expect(error).toMatchObject({ code: 'upstream_unreachable' });
    expect(error.message).toContain('cancelled');
  });

  it('is an unreachable server, named by the system', async () => {
    const model = createOpenAiChatModel({
      baseUrl: 'http://127.0.0.1:9/v1',
      apiKey,
      clock: { now: () => 0 },
      retriesMax: 0,
    });
    const error = await failureOf(model);
    expect(error).toMatchObject({ code: 'upstream_unreachable', isRetryable: true });
    expect(inspect(error, { depth: 10 })).not.toContain(apiKey);
  });

  it('is a broken connection', async () => {
    const model = await modelBehind((response) => response.destroy(), { retriesMax: 0 });
    expect(await failureOf(model)).toMatchObject({ code: 'upstream_unreachable', isRetryable: true });
  });

  it('is a redirect, which would carry the prompt elsewhere', async () => {
    const model = await modelBehind(
      (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end(),
      { retriesMax: 0 },
    );
    expect(await failureOf(model)).toMatchObject({ code: 'upstream_unreachable' });
    expect(seen).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['JSON of another shape', json({ ok: true })],
    ['no choices', json({ ...answer, choices: [] })],
    ['an error with status 200', json({ error: { message: 'private words of a user' } })],
    [
      'malformed JSON',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"choi'),
    ],
    ['a web page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['nothing', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end()],
  ])('is invalid_model_output for %s', async (_, reply) => {
    const error = await failureOf(await modelBehind(reply, { retriesMax: 0 }));
    expect(error.code).toBe('invalid_model_output');
    expect(inspect(error, { depth: 10 })).not.toContain('private words');
  });
});
