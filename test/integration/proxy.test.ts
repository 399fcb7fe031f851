import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import {
  bodyOf,
  listen,
  startLocalProxy,
  type LocalProxy,
  type LocalProxySettings,
  type SeenRequest,
} from './support/local-proxy.ts';

type Answer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (close) => close()));
});

/** An upstream that remembers what it got, and a proxy before it. */
async function start(
  answer: Answer,
  settings: Omit<LocalProxySettings, 'upstreamPort'> = {},
): Promise<{ readonly proxy: LocalProxy; readonly upstreamUrl: string; readonly seen: SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const upstream = await listen((request, response) => {
    void bodyOf(request).then(
      async (body) => {
        const { method = '', url = '', rawHeaders, headers } = request;
        const got = { method, url, rawHeaders, headers, body };
        seen.push(got);
        await answer(got, response);
      },
      () => {},
    );
  });
  const proxy = await startLocalProxy({ upstreamPort: upstream.port, ...settings });
  open.push(proxy.close, upstream.close);
  return { proxy, upstreamUrl: `http://127.0.0.1:${upstream.port}/v1`, seen };
}

const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'You sort support tickets. Answer with the queue.' },
  { role: 'user', content: 'I was charged twice — süß 🎫' },
];

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini-2024',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'billing', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 21, completion_tokens: 2, total_tokens: 23 },
};

const sendJson =
  (value: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1' });
    response.end(JSON.stringify(value));
  };

const delta = (content: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-2',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-4o-mini-2024',
    choices: [{ index: 0, delta: content, finish_reason: finish }],
  })}\n\n`;

const streamed: Answer = async (_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const part of [{ role: 'assistant', content: '' }, { content: 'bill' }, { content: 'ing' }]) {
    response.write(delta(part));
    await sleep(2);
  }
  response.write(delta({}, 'stop'));
  response.end('data: [DONE]\n\n');
};

const clients = (
  proxy: LocalProxy,
  upstreamUrl: string,
): { readonly direct: OpenAI; readonly through: OpenAI } => {
  const client = (baseURL: string): OpenAI => new OpenAI({ apiKey: 'sk-client', baseURL, maxRetries: 0 });
  return { direct: client(upstreamUrl), through: client(proxy.url) };
};

describe('any OpenAI client works after changing its base URL alone', () => {
  test('a completion is the same object, and the request upstream the same bytes', async () => {
    const { proxy, upstreamUrl, seen } = await start(sendJson(completion));
    const { direct, through } = clients(proxy, upstreamUrl);
    const ask = async (client: OpenAI): Promise<unknown> =>
      client.chat.completions.create({
        model: 'gpt-4o-mini',
        messages,
        temperature: 0.3,
        tools: [{ type: 'function', function: { name: 'route', parameters: { type: 'object' } } }],
      });
    expect(await ask(through)).toEqual(await ask(direct));
    const [one, two] = seen;
    expect(one?.body.equals(two?.body ?? Buffer.of())).toBe(true);
    const interesting = (request: SeenRequest | undefined): object =>
      Object.fromEntries(
        Object.entries(request?.headers ?? {}).filter(([name]) => !['host', 'connection'].includes(name)),
      );
    expect(interesting(one)).toEqual(interesting(two));
  });

  test('a stream is the same chunks', async () => {
    const { proxy, upstreamUrl } = await start(streamed);
    const { direct, through } = clients(proxy, upstreamUrl);
    const ask = async (client: OpenAI): Promise<unknown[]> => {
      const chunks: unknown[] = [];
      const stream = await client.chat.completions.create({ model: 'm', messages, stream: true });
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    };
    const chunks = await ask(through);
    expect(chunks).toHaveLength(4);
    expect(chunks).toEqual(await ask(direct));
    expect(await proxy.decision(1)).toMatchObject({
      completionId: 'chatcmpl-2',
      finishReason: 'stop',
      isUsageEstimated: true,
      usage: { outputTokens: 3 },
      content: { completion: { text: 'billing' } },
    });
  });

  test('tool calls come back whole, streamed or not', async () => {
    const calls = [
      { id: 'call_1', type: 'function', function: { name: 'route', arguments: '{"queue":"billing"}' } },
    ];
    const { proxy } = await start((request, response) => {
      if (!JSON.parse(request.body.toString()).stream)
        return sendJson({
          ...completion,
          choices: [
            {
              index: 0,
              message: { role: 'assistant', content: null, tool_calls: calls },
              finish_reason: 'tool_calls',
            },
          ],
        })(request, response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const piece = (call: object): string => delta({ tool_calls: [{ index: 0, ...call }] });
      response.write(delta({ role: 'assistant', content: null }));
      response.write(piece({ id: 'call_1', type: 'function', function: { name: 'route', arguments: '' } }));
      response.write(piece({ function: { arguments: '{"queue":' } }));
      response.write(piece({ function: { arguments: '"billing"}' } }));
      response.end(`${delta({}, 'tool_calls')}data: [DONE]\n\n`);
      return undefined;
    });
    const { through } = clients(proxy, '');
    const whole = await through.chat.completions.create({ model: 'm', messages });
    expect(whole.choices[0]?.message.tool_calls).toEqual(calls);
    const stream = through.chat.completions.stream({ model: 'm', messages });
    expect((await stream.finalChatCompletion()).choices[0]?.message.tool_calls).toMatchObject(calls);
    for (const count of [1, 2])
      expect((await proxy.decision(count)).content?.completion).toEqual({
        text: '',
        toolCalls: [{ name: 'route', arguments: '{"queue":"billing"}' }],
        finishReason: 'tool_calls',
        refusal: null,
      });
  });

  test.each([400, 401, 404, 429, 500])('an error %i of upstream arrives verbatim', async (status) => {
    const body = { error: { message: 'no', type: 'x', param: null, code: 'y' } };
    const { proxy, upstreamUrl } = await start(sendJson(body, status));
    const { direct, through } = clients(proxy, upstreamUrl);
    const ask = async (client: OpenAI): Promise<unknown> =>
      client.chat.completions
        .create({ model: 'm', messages })
        .catch((error: InstanceType<typeof OpenAI.APIError>) => [
          error.constructor.name,
          error.status,
          error.error,
          error.requestID,
        ]);
    expect(await ask(through)).toEqual(await ask(direct));
  });

  test('a client that goes away ends the request upstream', async () => {
    const ended = Promise.withResolvers<void>();
    const { proxy } = await start((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(delta({ content: 'x' }));
      response.once('close', () => ended.resolve());
    });
    const { through } = clients(proxy, '');
    const stream = await through.chat.completions.create({ model: 'm', messages, stream: true });
    for await (const chunk of stream) {
      expect(chunk.choices[0]?.delta.content).toBe('x');
      stream.controller.abort();
      break;
    }
    await ended.promise;
    expect(await proxy.decision(1)).toMatchObject({ status: 200, finishReason: null });
  });

  test('a client that goes away before the head ends the request upstream too', async () => {
    const arrived = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const { proxy } = await start((_, response) => {
      response.once('close', () => ended.resolve());
      arrived.resolve();
    });
    const controller = new AbortController();
    const asked = fetch(`${proxy.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages }),
      signal: controller.signal,
    });
    await arrived.promise;
    controller.abort();
    await expect(asked).rejects.toThrow();
    await ended.promise;
    expect(await proxy.decision(1)).toMatchObject({ status: 0 });
  });
});

/** Sends bytes over a socket, and gives all that comes back. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

async function post(
  proxy: LocalProxy,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${proxy.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('what is on the wire', () => {
  test('everything but what is meant for Ratchet goes upstream, in its own spelling', async () => {
    const { proxy, seen } = await start(sendJson(completion));
    const body = `{ "seed": 12345678901234567890,"model":"m",\n "messages": ${JSON.stringify(messages)}, "metadata":{"ratchet_task":"t","team":"a"} }`;
    await fetch(`${proxy.url}/chat/completions?api-version=1`, {
      method: 'POST',
      headers: {
        'X-Custom': 'kept',
        'X-Ratchet-Task': 'triage',
        'x-ratchet-episode': 'run',
        'x-session-id': 'kept too',
        authorization: 'Bearer sk-client',
        connection: 'keep-alive',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
      body,
    });
    expect(seen[0]?.body.toString()).toBe(body.replace('{"ratchet_task":"t","team":"a"}', '{"team":"a"}'));
    expect(seen[0]?.url).toBe('/v1/chat/completions?api-version=1');
    expect(seen[0]?.headers).toMatchObject({
      'x-custom': 'kept',
      'x-session-id': 'kept too',
      authorization: 'Bearer sk-client',
      'content-length': String(seen[0]?.body.length),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(Object.keys(seen[0]?.headers ?? {}).filter((name) => name.startsWith('x-ratchet'))).toEqual([]);
  });

  test('the response says which variant of which task served, and how long that took us', async () => {
    const { proxy } = await start(sendJson(completion));
    const { headers } = await post(proxy, { model: 'm', messages }, { 'x-ratchet-task': 'triage' });
    expect(headers.get('x-ratchet-decision')).toMatch(/^rd_[\w-]+\.[\w-]{22}$/);
    expect(headers.get('x-ratchet-task')).toBe('triage');
    expect(headers.get('x-ratchet-variant')).toBe('baseline');
    expect(headers.get('server-timing')).toMatch(/^ratchet;dur=\d+\.\d\d$/);
    expect(headers.get('x-request-id')).toBe('req_1');
  });

  test('repeated and unusual headers of upstream arrive as they were sent, connection headers do not', async () => {
    const { proxy } = await start((_, response) => {
      const headers = [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-Odd', 'caf\u00e9'],
        ['Keep-Alive', 'timeout=99'],
        ['Connection', 'X-Hop'],
        ['X-Hop', 'secret'],
        ['Server-Timing', 'model;dur=5'],
        ['Content-Length', '2'],
      ];
      response.writeHead(200, headers.flat());
      response.end(Buffer.from('ok'));
    });
    const answer = await raw(
      proxy.port,
      'GET /v1/odd HTTP/1.1\r\nhost: x\r\nconnection: close, x-mine\r\nx-mine: 1\r\n\r\n',
    );
    expect(answer).toContain('Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Odd: caf\u00e9\r\n');
    expect(answer).toContain('Content-Length: 2\r\n');
    expect(answer).not.toMatch(/X-Hop|timeout=99/);
    expect(answer.endsWith('\r\n\r\nok')).toBe(true);
  });

  test.each(['GET', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'])(
    '%s on any path passes through',
    async (method) => {
      const { proxy, seen } = await start((_, response) => {
        response.writeHead(207, { 'x-kind': 'binary' });
        response.end(Buffer.from([0, 255, 128, 10]));
      });
      const sent = ['PUT', 'PATCH'].includes(method) ? randomBytes(2000) : null;
      const options = { method, body: sent };
      const response = await fetch(`${proxy.url}/files/a%20b?limit=2`, options);
      expect(response.status).toBe(207);
      expect(response.headers.get('x-ratchet-decision')).toBeNull();
      const got = Buffer.from(await response.arrayBuffer());
      expect([...got]).toEqual(method === 'HEAD' ? [] : [0, 255, 128, 10]);
      expect(seen[0]).toMatchObject({ method, url: '/v1/files/a%20b?limit=2' });
      expect(seen[0]?.body.equals(sent ?? Buffer.of())).toBe(true);
    },
  );

  test('a body that is no chat request is upstream\u2019s to judge', async () => {
    const { proxy, seen } = await start(sendJson({ error: {} }, 400));
    for (const body of ['{"model":', '[]', '', '{"messages":[]}', '{"model":"m","messages":"hi"}']) {
      const response = await fetch(`${proxy.url}/chat/completions`, { method: 'POST', body });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: {} });
      expect(seen.at(-1)?.body.toString()).toBe(body);
    }
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('a response in %s arrives as it was sent, and is understood', async (encoding, compress) => {
    const bytes = compress(JSON.stringify(completion));
    const { proxy, seen } = await start((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
      response.end(bytes);
    });
    const got = Promise.withResolvers<Buffer>();
    httpRequest(
      {
        port: proxy.port,
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'accept-encoding': encoding },
      },
      (response) => void bodyOf(response).then(got.resolve),
    ).end(JSON.stringify({ model: 'm', messages }));
    expect((await got.promise).equals(bytes)).toBe(true);
    expect(seen[0]?.headers['accept-encoding']).toBe(encoding);
    expect(await proxy.decision(1)).toMatchObject({
      completionId: 'chatcmpl-1',
      usage: { inputTokens: 21, outputTokens: 2 },
      isUsageEstimated: false,
      content: { completion: { text: 'billing' }, request: { model: 'm', messages } },
    });
  });
});

describe('nothing is held back', () => {
  test('each piece of a stream arrives before the next one is made, the head before the first', async () => {
    let response: ServerResponse | undefined;
    const headSent = Promise.withResolvers<void>();
    const { proxy } = await start((_, made) => {
      response = made;
      made.writeHead(200, { 'content-type': 'text/event-stream' });
      made.flushHeaders();
      headSent.resolve();
    });
    const answer = await post(proxy, { model: 'm', messages, stream: true });
    await headSent.promise;
    const reader = answer.body?.getReader();
    for (const word of ['one', 'two', 'three']) {
      response?.write(delta({ content: word }));
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain(word);
    }
    response?.end();
    expect((await reader?.read())?.done).toBe(true);
  });

  test('a large upload is streamed both ways, to the byte', async () => {
    const started = Promise.withResolvers<void>();
    const upstream = await listen((request, response) => {
      response.writeHead(200);
      started.resolve();
      request.pipe(response);
    });
    const proxy = await startLocalProxy({ upstreamPort: upstream.port });
    open.push(proxy.close, upstream.close);
    const piece = randomBytes(1 << 20);
    const pieces = 48;
    const sent = createHash('sha256');
    const received = createHash('sha256');
    const upload = httpRequest({
      port: proxy.port,
      path: '/v1/files',
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    const answered = new Promise<IncomingMessage>((resolve) => upload.once('response', resolve));
    upload.write(piece);
    sent.update(piece);
    await started.promise;
    const reading = answered.then(async (response) => {
      for await (const chunk of response) received.update(chunk as Buffer);
    });
    for (let n = 1; n < pieces; n += 1) {
      sent.update(piece);
      if (!upload.write(piece)) await new Promise((resolve) => upload.once('drain', resolve));
    }
    upload.end();
    await reading;
    expect(received.digest('hex')).toBe(sent.digest('hex'));
  });

  test.each([
    ['of declared length', true],
    ['in chunks', false],
  ])('a chat too large to look at passes through, %s', async (_, isDeclared) => {
    const { proxy, seen } = await start(sendJson(completion));
    const body = Buffer.from(
      JSON.stringify({ model: 'm', messages: [...messages, { role: 'user', content: 'x'.repeat(34e6) }] }),
    );
    const answered = new Promise<IncomingMessage>((resolve) => {
      const request = httpRequest(
        {
          port: proxy.port,
          path: '/v1/chat/completions',
          method: 'POST',
          headers: { 'x-ratchet-task': 't', ...(isDeclared ? { 'content-length': body.length } : {}) },
        },
        resolve,
      );
      if (!isDeclared) request.write(body.subarray(0, 1000));
      request.end(isDeclared ? body : body.subarray(1000));
    });
    const response = await answered;
    expect(JSON.parse((await bodyOf(response)).toString())).toEqual(completion);
    expect(response.headers['x-ratchet-decision']).toBeUndefined();
    expect(seen[0]?.body.equals(body)).toBe(true);
    expect(seen[0]?.headers['x-ratchet-task']).toBeUndefined();
  });

  test('a client that reads slowly slows upstream down', async () => {
    let written = 0;
    const { proxy } = await start((_, response) => {
      response.writeHead(200);
      const chunk = randomBytes(1 << 16);
      const pump = (): void => {
        while (written < 200e6) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', pump);
            return;
          }
        }
        response.end();
      };
      pump();
    });
    const socket = connect(proxy.port, '127.0.0.1');
    socket.write('GET /v1/files/big HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('readable', resolve));
    await sleep(300);
    const stuck = written;
    await sleep(200);
    expect(written).toBe(stuck);
    expect(written).toBeLessThan(100e6);
    socket.destroy();
  });
});

describe('when upstream fails', () => {
  test('nobody listening is an error in OpenAI\u2019s shape, recorded as such', async () => {
    const gone = await listen(() => {});
    await gone.close();
    const proxy = await startLocalProxy({ upstreamPort: gone.port, relay: { retriesMax: 1 } });
    open.push(proxy.close);
    const response = await post(proxy, { model: 'm', messages });
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringContaining('ECONNREFUSED'),
        type: 'server_error',
        param: null,
        code: 'upstream_unreachable',
      },
    });
    expect(await proxy.decision(1)).toMatchObject({ status: 0, content: null });
  });

  test('silence is a timeout', async () => {
    const { proxy } = await start(() => {}, { relay: { headersTimeoutMs: 200 } });
    const response = await post(proxy, { model: 'm', messages });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_timeout' } });
  });

  test('a connection that breaks before the head is an error, one that breaks after it breaks', async () => {
    const { proxy } = await start((request, response) => {
      if (request.url.endsWith('/models')) return void response.socket?.destroy();
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.socket?.destroy());
      return undefined;
    });
    const response = await fetch(`${proxy.url}/models`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_unreachable' } });
    await expect(post(proxy, { model: 'm', messages }).then(async (half) => half.text())).rejects.toThrow();
  });

  test('a server that comes up while we try again answers', async () => {
    const later = await listen(sendLater);
    const { port } = later;
    await later.close();
    const proxy = await startLocalProxy({ upstreamPort: port, relay: { retriesMax: 4 } });
    open.push(proxy.close);
    const asked = post(proxy, { model: 'm', messages });
    await sleep(30);
    const { createServer } = await import('node:http');
    const server = createServer(sendLater).listen(port, '127.0.0.1');
    open.push(
      async () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    expect((await asked).status).toBe(200);
  });
});

function sendLater(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.end('{}');
}

describe('with the store out of order', () => {
  const never = async (): Promise<never> => new Promise(() => {});
  const failing = async (): Promise<never> => Promise.reject(new Error('store down'));
  const throwing = (): never => {
    throw new Error('store broken');
  };
  const broken = (method: () => Promise<never>): Partial<Store> => ({
    registerTask: method,
    saveBaseline: method,
    findEpisode: method,
    recordDecisions: method,
    recordFeedback: method,
    readSnapshot: method,
  });

  test.each([
    ['hangs', never],
    ['rejects', failing],
    ['throws', throwing],
  ])('no request fails or waits: it %s', async (_, method) => {
    const { proxy, seen } = await start(sendJson(completion), { store: () => broken(method) });
    for (let turn = 0; turn < 3; turn += 1) {
      const begun = performance.now();
      const response = await post(proxy, {
        model: 'm',
        messages: [...messages, { role: 'assistant', content: 'x' }, { role: 'user', content: 'y' }],
      });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(completion);
      expect(performance.now() - begun).toBeLessThan(1000);
    }
    expect(seen).toHaveLength(3);
  });

  test('feedback is refused, to be sent again', async () => {
    const { proxy } = await start(sendJson(completion), { store: () => broken(failing) });
    const response = await fetch(`${proxy.url}/feedback`, {
      method: 'POST',
      body: JSON.stringify({ id: 'chatcmpl-1', score: 1 }),
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ error: { code: 'store_unavailable' } });
  });
});

describe('credentials', () => {
  const keys = [
    { id: 'web', secret: 'web-secret', roles: ['infer'] },
    { id: 'scores', secret: 'scores-secret', roles: ['feedback'] },
  ] as const;
  const ask = async (proxy: LocalProxy, headers: Record<string, string>): Promise<number> =>
    (await post(proxy, { model: 'm', messages }, headers)).status;

  test('with an upstream key, clients need a key of ours, and upstream sees only its own', async () => {
    const { proxy, seen } = await start(sendJson(completion), {
      deps: { keys, isLoopback: false },
      relay: { key: 'sk-upstream' },
    });
    expect(await ask(proxy, {})).toBe(401);
    expect(await ask(proxy, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await ask(proxy, { authorization: 'Bearer scores-secret' })).toBe(403);
    expect(await ask(proxy, { authorization: 'Bearer web-secret' })).toBe(200);
    expect(await ask(proxy, { 'x-api-key': 'web-secret' })).toBe(200);
    expect((await fetch(`${proxy.url}/models`)).status).toBe(401);
    expect(seen.map(({ headers }) => [headers.authorization, headers['x-api-key']])).toEqual([
      ['Bearer sk-upstream', undefined],
      [undefined, 'sk-upstream'],
    ]);
    expect(await proxy.decision(1)).toMatchObject({ scope: 'web' });
  });

  test('a key of ours never goes upstream, a client\u2019s own does', async () => {
    const { proxy, seen } = await start(sendJson(completion), { deps: { keys } });
    await ask(proxy, { authorization: 'Bearer web-secret' });
    await ask(proxy, { authorization: 'Bearer sk-own' });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer sk-own']);
    const [one, two] = [await proxy.decision(1), await proxy.decision(2)];
    expect(one.scope).toBe('web');
    expect(two.scope).toMatch(/^credential-[\w-]{16}$/);
    expect(JSON.stringify(two)).not.toContain('sk-own');
  });

  test('a web page of another host cannot spend the upstream key of a server on loopback', async () => {
    const { proxy, seen } = await start(sendJson(completion), { relay: { key: 'sk-upstream' } });
    const ask2 = async (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve) => {
        const { port } = proxy;
        httpRequest({ port, path: '/v1/chat/completions', method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        }).end(JSON.stringify({ model: 'm', messages }));
      });
    expect(await ask2({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask2({ 'sec-fetch-site': 'same-origin', host: 'evil.example' })).toBe(403);
    expect(await ask2({ 'sec-fetch-site': 'same-origin', host: 'localhost:1' })).toBe(200);
    expect(await ask2({})).toBe(200);
    expect(seen).toHaveLength(2);
  });

  test('what upstream refuses for its credential is not recorded', async () => {
    const { proxy } = await start(sendJson({}, 401));
    expect(await ask(proxy, { authorization: 'Bearer guessed' })).toBe(401);
    await sleep(50);
    expect(proxy.decisions).toEqual([]);
  });
});

describe('recording', () => {
  test.each([
    ['full', 1, { request: { messages }, completion: { text: 'billing' } }],
    ['metadata', 1, null],
    ['off', 0, undefined],
  ] as const)('%s keeps no more than it says', async (recording, count, content) => {
    const { proxy } = await start(sendJson(completion), { deps: { recording } });
    await post(proxy, { model: 'm', messages });
    await sleep(50);
    expect(proxy.decisions).toHaveLength(count);
    if (content !== undefined)
      expect(proxy.decisions[0]).toHaveProperty(
        'content',
        content === null ? null : expect.objectContaining({ slots: {} }),
      );
    if (content === null) expect(JSON.stringify(proxy.decisions)).not.toContain('charged');
  });
});
