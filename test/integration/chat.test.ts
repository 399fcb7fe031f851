import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { estimateTokens } from '../../src/domain/estimate-tokens.ts';
import {
  silentTelemetry,
  type ChatOutcome,
  type ChatStart,
  type Telemetry,
} from '../../src/telemetry/telemetry.ts';
import {
  bodyOf,
  listen,
  startLocalProxy,
  type LocalProxy,
  type LocalProxySettings,
  type SeenRequest,
} from './support/local-proxy.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (close) => close()));
});

const prompt = 'You sort support tickets. Answer with the queue.';
const asked = {
  model: 'm',
  messages: [
    { role: 'system', content: prompt },
    { role: 'user', content: 'I was charged twice' },
  ],
};

type Answer = (request: SeenRequest, response: ServerResponse) => void;

async function before(
  answer: Answer,
  settings: Omit<LocalProxySettings, 'upstreamPort'> = {},
): Promise<{ readonly proxy: LocalProxy; readonly seen: readonly SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const upstream = await listen((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', url = '', rawHeaders, headers } = request;
      seen.push({ method, url, rawHeaders, headers, body });
      answer({ method, url, rawHeaders, headers, body }, response);
    });
  });
  const proxy = await startLocalProxy({ upstreamPort: upstream.port, ...settings });
  open.push(proxy.close, upstream.close);
  return { proxy, seen };
}

async function post(proxy: LocalProxy, path: string, body: unknown, headers = {}): Promise<Response> {
  return fetch(`${proxy.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

const sendJson =
  (value: object): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
const chunk = (choice: object): string =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
const sendStream =
  (...chunks: readonly string[]): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${chunks.join('')}data: [DONE]\n\n`);
  };

describe('a chat completion is recorded', () => {
  test('by its first choice, and pays for all', async () => {
    const { proxy } = await before(
      sendStream(
        chunk({ index: 1, delta: { content: 'the second is longer' } }),
        chunk({ index: 0, delta: { content: 'billing' } }),
        chunk({ index: 0, delta: {}, finish_reason: 'stop' }),
        chunk({ index: 1, delta: {}, finish_reason: 'length' }),
      ),
    );
    await (await post(proxy, '/chat/completions', { ...asked, n: 2, stream: true })).text();
    expect(await proxy.decision(1)).toMatchObject({
      finishReason: 'stop',
      isUsageEstimated: true,
      usage: {
        inputTokens: estimateTokens(prompt) + estimateTokens('I was charged twice'),
        outputTokens: estimateTokens('billing') + estimateTokens('the second is longer'),
      },
      content: { completion: { text: 'billing' } },
    });
  });

  test('with a function of old, and its conversation goes on', async () => {
    const call = { name: 'route', arguments: '{"queue":"billing"}' };
    const { proxy } = await before(
      sendJson({ id: 'c', choices: [{ index: 0, message: { content: null, function_call: call } }] }),
    );
    await post(proxy, '/chat/completions', { ...asked, functions: [{ name: 'route' }] });
    const more = [
      { role: 'assistant', content: null, function_call: call },
      { role: 'function', name: 'route', content: 'done' },
    ];
    await post(proxy, '/chat/completions', { ...asked, messages: [...asked.messages, ...more] });
    const [first, second] = [await proxy.decision(1), await proxy.decision(2)];
    expect(first.content?.completion.toolCalls).toEqual([call]);
    expect(second.episodeId).toBe(first.episodeId);
  });
});

describe('where the upstream is set to be asked for usage', () => {
  const relay = { isUsageRequested: true };
  const told = `data: ${JSON.stringify({ id: 'c', choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } })}\n\n`;

  test('a stream that is compressed all the same passes as it is, and its usage is read', async () => {
    const bytes = gzipSync(`${chunk({ delta: { content: 'x' } })}${told}data: [DONE]\n\n`);
    const { proxy, seen } = await before(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
        response.end(bytes);
      },
      { relay },
    );
    const headers = { 'accept-encoding': 'gzip' };
    const response = await post(proxy, '/chat/completions', { ...asked, stream: true }, headers);
    expect(await response.text()).toContain('"completion_tokens":4');
    expect(seen[0]?.headers['accept-encoding']).toBe('identity');
    expect(await proxy.decision(1)).toMatchObject({
      usage: { inputTokens: 3, outputTokens: 4 },
      isUsageEstimated: false,
    });
  });

  test('a stream of declared length is none any more', async () => {
    const stream = `${chunk({ delta: { content: 'x' } })}${told}data: [DONE]\n\n`;
    const { proxy } = await before(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': stream.length });
        response.end(stream);
      },
      { relay },
    );
    const response = await post(proxy, '/chat/completions', { ...asked, stream: true });
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toBe(stream.replace(told, ''));
  });

  test('nothing is asked of a request that nobody records', async () => {
    const { proxy, seen } = await before(sendStream(told), { relay });
    const body = { ...asked, stream: true };
    const response = await post(proxy, '/chat/completions', body, { 'x-ratchet-bypass': '1' });
    expect(await response.text()).toContain('prompt_tokens');
    expect(seen[0]?.body.toString()).toBe(JSON.stringify(body));
  });
});

describe('what a trace says of a request', () => {
  test.each([
    [
      'chat_completions',
      '/chat/completions',
      asked,
      { id: 'c', choices: [{ index: 0, message: { content: 'billing' }, finish_reason: 'stop' }] },
    ],
    [
      'responses',
      '/responses',
      { model: 'm', instructions: prompt, input: 'I was charged twice' },
      {
        id: 'c',
        status: 'completed',
        output: [{ type: 'message', content: [{ type: 'output_text', text: 'billing' }] }],
      },
    ],
  ])('is the conversation and the answer, in whatever format: %s', async (apiType, path, request, answer) => {
    const begun: ChatStart[] = [];
    const ended: ChatOutcome[] = [];
    const telemetry: Telemetry = {
      ...silentTelemetry,
      startChat: (start) => {
        begun.push(start);
        return { ...silentTelemetry.startChat(start), end: (outcome) => void ended.push(outcome) };
      },
    };
    const { proxy } = await before(sendJson(answer), { deps: { telemetry, isContentCaptured: true } });
    await post(proxy, path, request);
    await proxy.decision(1);
    expect(begun).toMatchObject([{ apiType, model: 'm', isStream: false }]);
    expect(ended).toMatchObject([
      {
        responseId: 'c',
        finishReason: 'stop',
        content: { input: JSON.stringify(asked.messages), output: 'billing' },
      },
    ]);
  });
});
