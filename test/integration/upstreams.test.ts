import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultTreatment, type RelayConfig, type UpstreamConfig } from '../../src/domain/upstream.ts';
import { silentTelemetry, type Labels } from '../../src/telemetry/telemetry.ts';
import type { ModelCall, Relay } from '../../src/upstream/relay.ts';
import OpenAI, { InternalServerError } from 'openai';
import { bodyOf, listen, localUpstream, startLocalProxy } from './support/local-proxy.ts';
import { ask, headerOf, relayFor } from './support/relay-ask.ts';
import { createSeededRandom } from '../../src/runtime/seeded-random.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface Served {
  readonly port: number;
  /** Bodies of the requests that came, in order. */
  readonly bodies: string[];
  readonly requests: IncomingMessage[];
}

type Answer = (response: ServerResponse, request: IncomingMessage, count: number) => void;

/** An upstream that answers as it is told. */
async function upstreamThat(answer: Answer): Promise<Served> {
  const bodies: string[] = [];
  const requests: IncomingMessage[] = [];
  const server = await listen((request, response) => {
    requests.push(request);
    void bodyOf(request).then(
      (body) => {
        bodies.push(body.toString());
        answer(response, request, bodies.length);
      },
      () => {},
    );
  });
  open.push(server.close);
  return { port: server.port, bodies, requests };
}

const says =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

function relayOf(upstreams: readonly UpstreamConfig[], rest: Partial<RelayConfig> = {}): Relay {
  const relay = relayFor({ upstreams, ...rest });
  open.push(relay.close);
  return relay;
}

const noRetries = { ...defaultTreatment.retries, max: 0 };
const retrying = { ...defaultTreatment.retries, on: [429, '5xx', 'reset'] as const };
const second = (port: number, settings: Partial<UpstreamConfig> = {}): UpstreamConfig =>
  localUpstream(port, { name: 'second', ...settings });

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = await listen(() => {});
  await server.close();
  return server.port;
}

/** A server of bytes. */
async function rawServer(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

describe('the next upstream is asked', () => {
  const troubles: readonly [string, () => Promise<Partial<UpstreamConfig> & { port: number }>][] = [
    ['when nobody listens', async () => ({ port: await deadPort(), retries: noRetries })],
    [
      'when it does not speak TLS',
      async () => {
        const { port } = await upstreamThat(says(200, 'plain'));
        return { port, url: `https://127.0.0.1:${port}/v1` };
      },
    ],
    ['when it resets', async () => upstreamThat((response) => response.socket?.resetAndDestroy())],
    [
      'when it resets in the middle of the head',
      async () => ({
        port: await rawServer((socket) =>
          socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-le')),
        ),
      }),
    ],
    [
      'when it speaks something else',
      async () => ({ port: await rawServer((socket) => socket.write('220 mail.example ESMTP\r\n')) }),
    ],
    ['when it stays silent', async () => ({ ...(await upstreamThat(() => {})), firstByteTimeoutMs: 100 })],
    ...([408, 429, 500, 503, 529].map(
      (status) => [`when it answers ${status}`, async () => upstreamThat(says(status, 'no'))] as const,
    ) as []),
    [
      'when too many are under way there',
      async () => ({
        ...(await upstreamThat(says(200, 'never asked'))),
        concurrency: { max: 0, queueMax: 0, queueTimeoutMs: 1 },
      }),
    ],
  ];
  test.each(troubles)('%s', async (_, trouble) => {
    const { port, ...settings } = await trouble();
    const other = await upstreamThat(says(200, 'from the second', { 'x-own': '1' }));
    const relay = relayOf([localUpstream(port, settings), second(other.port)]);
    const asked = await ask(relay).asked;
    expect(asked).toMatchObject({ status: 200, body: 'from the second', failure: null });
    expect([headerOf(asked, 'x-ratchet-upstream'), headerOf(asked, 'x-own')]).toEqual(['second', '1']);
    expect(asked.served).toMatchObject({ upstream: 'second' });
    expect(other.bodies).toEqual(['{"model":"m"}']);
  });

  test.each([400, 401, 403, 404, 409, 422])(
    'not when the answer is about the request: %i',
    async (status) => {
      const first = await upstreamThat(says(status, 'your fault'));
      const other = await upstreamThat(says(200, 'from the second'));
      const relay = relayOf([localUpstream(first.port), second(other.port)]);
      expect(await ask(relay).asked).toMatchObject({ status, body: 'your fault' });
      expect(other.bodies).toEqual([]);
    },
  );

  test('not once the answer has begun', async () => {
    const first = await upstreamThat((response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.socket?.resetAndDestroy());
    });
    const other = await upstreamThat(says(200, 'from the second'));
    const relay = relayOf([localUpstream(first.port), second(other.port)]);
    const asked = await ask(relay).asked;
    expect(asked).toMatchObject({ status: 200, body: 'half', failure: { kind: 'broken' } });
    expect(other.bodies).toEqual([]);
  });

  test('for a HEAD too', async () => {
    const other = await upstreamThat(says(204, ''));
    const relay = relayOf([localUpstream(await deadPort(), { retriesMax: 0 }), second(other.port)]);
    expect(await ask(relay, { method: 'HEAD', body: null }).asked).toMatchObject({ status: 204 });
  });

  test('with a body that streams, as long as nothing of it has been read', async () => {
    const reading = await upstreamThat(says(500, 'read it all'));
    const other = await upstreamThat(says(200, 'from the second'));
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one');
      yield Buffer.from('two');
    }
    const unread = relayOf([localUpstream(await deadPort()), second(other.port)]);
    expect(await ask(unread, { body: body() }).asked).toMatchObject({ body: 'from the second' });
    expect(other.bodies).toEqual(['onetwo']);
    const read = relayOf([localUpstream(reading.port), second(other.port)]);
    expect(await ask(read, { body: body() }).asked).toMatchObject({ status: 500, body: 'read it all' });
    expect(reading.bodies).toEqual(['onetwo']);
    expect(other.bodies).toHaveLength(1);
  });
});

describe('when every upstream fails', () => {
  test('the answer of the last one is the client\u2019s, to the byte', async () => {
    const first = await upstreamThat(says(500, 'first', { 'retry-after': '7' }));
    const other = await upstreamThat(says(429, 'second', { 'x-ratelimit-limit-requests': '10' }));
    const asked = await ask(relayOf([localUpstream(first.port), second(other.port)])).asked;
    expect(asked).toMatchObject({ status: 429, body: 'second', served: { upstream: 'second', attempts: 2 } });
    expect(headerOf(asked, 'x-ratelimit-limit-requests')).toBe('10');
  });

  test.each([
    ['short', 'no'],
    ['longer than is kept', randomBytes(300_000).toString('hex')],
  ])('an earlier answer is better than an error of ours: %s', async (_, body) => {
    const first = await upstreamThat(says(503, body, { 'retry-after': '7' }));
    const relay = relayOf([localUpstream(first.port), second(await deadPort(), { retries: noRetries })]);
    const asked = await ask(relay).asked;
    expect([asked.status, asked.failure, headerOf(asked, 'retry-after')]).toEqual([503, null, '7']);
    expect(asked.body === body).toBe(true);
    expect(asked.served).toMatchObject({ upstream: 'default', attempts: 1 });
    expect(headerOf(asked, 'x-ratchet-upstream')).toBe('default');
  });

  test('of several earlier answers one that says when to come again is told', async () => {
    const first = await upstreamThat(says(429, 'first', { 'retry-after': '7' }));
    const other = await upstreamThat(says(500, 'second'));
    const upstreams = [
      localUpstream(first.port),
      second(other.port),
      localUpstream(await deadPort(), { name: 'third', retries: noRetries }),
    ];
    expect(await ask(relayOf(upstreams)).asked).toMatchObject({ status: 429, body: 'first' });
  });

  test('an earlier answer that broke in the meantime is not told', async () => {
    const broken = Promise.withResolvers<void>();
    const first = await upstreamThat((response) => {
      response.writeHead(500, { 'content-length': '100' });
      response.write('half', () => {
        response.socket?.resetAndDestroy();
        broken.resolve();
      });
    });
    const other = await upstreamThat((response) => {
      void broken.promise.then(async () => {
        await sleep(50);
        response.socket?.resetAndDestroy();
      });
    });
    const asked = await ask(relayOf([localUpstream(first.port), second(other.port)])).asked;
    expect(asked).toMatchObject({ status: 0, failure: { kind: 'broken', isSent: true } });
  });

  test('an error of ours says what the last one did', async () => {
    const relay = relayOf([
      localUpstream(await deadPort(), { retriesMax: 0 }),
      second(await deadPort(), { retries: noRetries }),
    ]);
    expect((await ask(relay).asked).failure).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
      isSent: false,
    });
  });
});

describe('which upstream is asked first', () => {
  const call = (model: string, taskName: string | null): ModelCall => ({
    model,
    taskName,
    isUsageAddable: true,
    bodyIn: ({ model: mapped, isUsageRequested }) =>
      Buffer.from(JSON.stringify({ model: mapped ?? model, isUsageRequested })),
  });

  test('follows from task and model; each gets the model\u2019s name and the form that it knows', async () => {
    const first = await upstreamThat(says(200, 'first'));
    const other = await upstreamThat(says(200, 'second'));
    const relay = relayOf(
      [
        localUpstream(first.port),
        second(other.port, { models: { 'gpt-4o': 'deployment-7' }, isUsageRequested: true }),
      ],
      {
        fallback: ['default'],
        routes: [{ models: ['gpt-4o*'], upstreams: ['second'] }],
        tasks: { triage: ['second'] },
      },
    );
    const headers = ['accept-encoding', 'gzip'];
    const ofModel = await ask(relay, { headers, call: call('gpt-4o', null) }).asked;
    expect(ofModel).toMatchObject({ body: 'second', served: { isUsageRequested: true } });
    await ask(relay, { call: call('o1', 'triage') }).asked;
    const other1 = { ...call('constructor', 'triage'), isUsageAddable: false };
    expect(await ask(relay, { headers, call: other1 }).asked).toMatchObject({
      served: { isUsageRequested: false },
    });
    expect(await ask(relay, { call: call('o1', null) }).asked).toMatchObject({
      body: 'first',
      served: { isUsageRequested: false },
    });
    expect(other.bodies).toEqual([
      '{"model":"deployment-7","isUsageRequested":true}',
      '{"model":"o1","isUsageRequested":true}',
      '{"model":"m"}',
    ]);
    expect(other.requests.map((request) => request.headers['accept-encoding'])).toEqual([
      'identity',
      'identity',
      'gzip',
    ]);
    expect(first.bodies).toEqual(['{"model":"m"}']);
  });

  test('one upstream alone is not named', async () => {
    const { port } = await upstreamThat(says(200, 'ok'));
    expect(headerOf(await ask(relayOf([localUpstream(port)])).asked, 'x-ratchet-upstream')).toBeUndefined();
  });
});

test('the client\u2019s credential goes to no upstream but its own, and each gets its own key', async () => {
  const answers = [says(500, 'no'), says(500, 'no'), says(200, 'ok')];
  const [first, keyed, bare] = await Promise.all(answers.map(upstreamThat));
  const relay = relayOf([
    localUpstream(first?.port ?? 0),
    second(keyed?.port ?? 0, { credential: { kind: 'key', key: 'sk-second', header: 'api-key' } }),
    localUpstream(bare?.port ?? 0, { name: 'bare', credential: { kind: 'none' } }),
  ]);
  const headers = ['Authorization', 'Bearer sk-client', 'OpenAI-Organization', 'org-1', 'Cookie', 'a=1'];
  expect(await ask(relay, { headers }).asked).toMatchObject({ status: 200 });
  expect(first?.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer sk-client',
    'openai-organization': 'org-1',
    cookie: 'a=1',
  });
  expect(keyed?.requests[0]?.headers['api-key']).toBe('sk-second');
  for (const server of [keyed, bare])
    expect(JSON.stringify(server?.requests[0]?.rawHeaders)).not.toMatch(/sk-client|org-1|a=1/);
});

describe('the same upstream is asked again', () => {
  const flaky: Answer = (response, _, count) =>
    count < 3 ? says(503, 'not yet', { 'retry-after-ms': '1' })(response, _, count) : response.end('ok');

  test('where that is set, when it says so', async () => {
    const server = await upstreamThat(flaky);
    const asked = await ask(relayOf([localUpstream(server.port, { retries: retrying })])).asked;
    expect(asked).toMatchObject({ status: 200, body: 'ok', served: { attempts: 3 } });
  });

  test('not by default, and not for a client that does so itself', async () => {
    const server = await upstreamThat(says(503, 'not yet'));
    expect(await ask(relayOf([localUpstream(server.port)])).asked).toMatchObject({ status: 503 });
    const relay = relayOf([localUpstream(server.port, { retries: retrying })]);
    const headers = ['x-stainless-retry-count', '0'];
    expect(await ask(relay, { headers }).asked).toMatchObject({ status: 503, served: { attempts: 1 } });
    expect(server.bodies).toHaveLength(2);
  });

  test('not when it wants a longer pause than is allowed: the client is told', async () => {
    const server = await upstreamThat(says(429, 'later', { 'retry-after': '600' }));
    const asked = await ask(relayOf([localUpstream(server.port, { retries: retrying })])).asked;
    expect([asked.status, headerOf(asked, 'retry-after'), server.bodies.length]).toEqual([429, '600', 1]);
  });

  test('an answer is told when the last attempt brings none', async () => {
    const server = await upstreamThat((response, _, count) =>
      count === 1 ? says(503, 'not yet')(response, _, count) : response.socket?.resetAndDestroy(),
    );
    const asked = await ask(relayOf([localUpstream(server.port, { retries: retrying })])).asked;
    expect(asked).toMatchObject({ status: 503, body: 'not yet', failure: null });
    expect(server.bodies.length).toBeGreaterThanOrEqual(3);
  });
});

describe('a client that goes away', () => {
  test('ends the request upstream, and no other upstream is asked', async () => {
    const closed = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const first = await upstreamThat((response) => {
      response.once('close', closed.resolve);
      began.resolve();
    });
    const other = await upstreamThat(says(200, 'second'));
    const asking = ask(relayOf([localUpstream(first.port), second(other.port)]));
    await began.promise;
    asking.cancel();
    await closed.promise;
    expect((await asking.asked).failure).toMatchObject({ kind: 'aborted', isSent: true });
    await sleep(30);
    expect(other.bodies).toEqual([]);
  });

  test('stops what would come after a pause', async () => {
    const server = await upstreamThat(says(503, 'not yet', { 'retry-after-ms': '50' }));
    const asking = ask(relayOf([localUpstream(server.port, { retries: retrying })]));
    while (server.bodies.length === 0) await sleep(5);
    await sleep(10);
    asking.cancel();
    expect((await asking.asked).failure?.kind).toBe('aborted');
    await sleep(100);
    expect(server.bodies).toHaveLength(1);
  });

  test('leaves the queue', async () => {
    const waiting: ServerResponse[] = [];
    const server = await upstreamThat((response) => waiting.push(response));
    const concurrency = { max: 1, queueMax: 5, queueTimeoutMs: 10_000 };
    const relay = relayOf([localUpstream(server.port, { concurrency })]);
    const [first, gone, third] = [ask(relay), ask(relay), ask(relay)];
    while (waiting.length === 0) await sleep(5);
    gone?.cancel();
    expect((await gone?.asked)?.failure).toMatchObject({ kind: 'aborted', isSent: false });
    waiting[0]?.end('first');
    expect((await first?.asked)?.body).toBe('first');
    while (waiting.length < 2) await sleep(5);
    waiting[1]?.end('third');
    expect((await third?.asked)?.body).toBe('third');
    expect(server.bodies).toHaveLength(2);
  });
});

describe('a bounded number of requests is under way', () => {
  const concurrency = { max: 2, queueMax: 2, queueTimeoutMs: 200 };

  test('others wait in turn; too many are told when to come again, also those who waited too long', async () => {
    const waiting: ServerResponse[] = [];
    const server = await upstreamThat((response) => waiting.push(response));
    const relay = relayOf([localUpstream(server.port, { concurrency })]);
    const asking = [1, 2, 3, 4, 5].map(() => ask(relay));
    expect((await asking[4]?.asked)?.failure).toMatchObject({ kind: 'overloaded', retryAfterMs: 1_000 });
    while (waiting.length < 2) await sleep(5);
    waiting[0]?.end('one');
    while (waiting.length < 3) await sleep(5);
    expect((await asking[3]?.asked)?.failure?.kind).toBe('overloaded');
    waiting[1]?.end('two');
    waiting[2]?.end('three');
    const answers = await Promise.all(asking.map(async ({ asked }) => (await asked).body));
    expect(answers.slice(0, 3).toSorted()).toEqual(['one', 'three', 'two']);
    const later = ask(relay);
    while (waiting.length < 4) await sleep(5);
    waiting[3]?.end('later');
    expect((await later.asked).body).toBe('later');
  });
});

describe('an upstream that is down', () => {
  const breaker = { ...defaultTreatment.breaker, calls: 4, pauseMs: 300 };

  test('is asked last for a pause, then one request tries it', async () => {
    let isUp = false;
    const first = await upstreamThat((response, request, count) =>
      says(isUp ? 200 : 500, isUp ? 'first' : 'down')(response, request, count),
    );
    const other = await upstreamThat(says(200, 'second'));
    const states: number[] = [];
    const relay = relayFor(
      { upstreams: [localUpstream(first.port, { breaker }), second(other.port)] },
      {
        ...silentTelemetry,
        gauge: (name, value) => void (name === 'ratchet.upstream.breaker' && states.push(value)),
      },
    );
    open.push(relay.close);
    for (let n = 0; n < 2; n += 1) expect((await ask(relay).asked).body).toBe('second');
    expect([first.bodies.length, states]).toEqual([2, [1]]);
    for (let n = 0; n < 5; n += 1) expect((await ask(relay).asked).body).toBe('second');
    expect(first.bodies).toHaveLength(2);
    isUp = true;
    await sleep(320);
    expect((await ask(relay).asked).body).toBe('first');
    expect((await ask(relay).asked).body).toBe('first');
    expect(states).toEqual([1, 0]);
  });

  test('is asked all the same where there is no other, and as a last resort', async () => {
    let status = 500;
    const flaky: Answer = (response, request, count) => says(status, 'here')(response, request, count);
    const alone = relayOf([localUpstream((await upstreamThat(flaky)).port, { breaker })]);
    const dead = second(await deadPort(), { retries: noRetries });
    const other = relayOf([localUpstream((await upstreamThat(flaky)).port, { breaker }), dead]);
    for (const relay of [alone, other]) {
      status = 500;
      for (let n = 0; n < 10; n += 1) expect((await ask(relay).asked).status).toBe(500);
      status = 200;
      expect((await ask(relay).asked).status).toBe(200);
    }
  });

  test('gets nothing where that is set', async () => {
    const server = await upstreamThat(says(500, 'down'));
    const relay = relayOf([localUpstream(server.port, { breaker: { ...breaker, isFailFast: true } })]);
    for (let n = 0; n < 2; n += 1) expect((await ask(relay).asked).status).toBe(500);
    const { failure } = await ask(relay).asked;
    expect(failure?.kind).toBe('overloaded');
    expect(failure?.retryAfterMs).toBeGreaterThan(0);
    expect(failure?.retryAfterMs).toBeLessThanOrEqual(300);
    expect(server.bodies).toHaveLength(2);
  });
});

describe('a kept connection that upstream closes just then', () => {
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nkeep-alive: timeout=60\r\n\r\nok';

  /** Answers the first request of each connection, and treats the second one as told. */
  const closing = (onSecond: (socket: Socket, connection: number) => void): Promise<number> => {
    let connections = 0;
    return rawServer((socket) => {
      connections += 1;
      const connection = connections;
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (requests === 1) socket.write(ok);
        else onSecond(socket, connection);
      });
    });
  };

  test.each<[string, (socket: Socket) => void]>([
    ['with an end', (socket) => socket.end()],
    ['with a reset', (socket) => socket.resetAndDestroy()],
  ])('fails no request: %s', async (_, close) => {
    const relay = relayOf([localUpstream(await closing(close))]);
    for (let n = 0; n < 6; n += 1) {
      expect(await ask(relay).asked).toMatchObject({ status: 200, body: 'ok', failure: null });
      await sleep(5);
    }
  });

  test('fails none of several at once', async () => {
    const relay = relayOf([localUpstream(await closing((socket) => socket.resetAndDestroy()))]);
    for (let n = 0; n < 3; n += 1) {
      const asked = await Promise.all(Array.from({ length: 8 }, async () => ask(relay).asked));
      expect(asked.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
      await sleep(5);
    }
  });

  test('fails none, whenever it is closed', async () => {
    const random = createSeededRandom(7);
    let served = 0;
    let closed = 0;
    const port = await rawServer((socket) => {
      let idle: NodeJS.Timeout | undefined;
      socket.on('data', () => {
        served += 1;
        clearTimeout(idle);
        socket.write(ok);
        idle = setTimeout(() => {
          closed += 1;
          if (random.next() < 0.5) socket.resetAndDestroy();
          else socket.destroy();
        }, random.next() * 4);
      });
    });
    const relay = relayOf([localUpstream(port)]);
    for (let n = 0; n < 400; n += 1) {
      expect(await ask(relay).asked).toMatchObject({ status: 200, failure: null });
      await sleep(random.next() * 5);
    }
    // Each was served once, and idle connections were indeed closed.
    expect(served).toBe(400);
    expect(closed).toBeGreaterThan(50);
  });

  test('is replaced neither when an answer had begun, nor when upstream took its time', async () => {
    const began = relayOf([localUpstream(await closing((socket) => socket.end('HTTP/1.1 200 OK\r\nconte')))]);
    const late = relayOf([
      localUpstream(await closing((socket) => setTimeout(() => socket.destroy(), 1_100))),
    ]);
    for (const relay of [began, late]) {
      expect((await ask(relay).asked).status).toBe(200);
      await sleep(5);
      expect((await ask(relay).asked).failure).toMatchObject({ kind: 'broken', isSent: true });
    }
  });

  test('a new connection that breaks is not replaced: the request may have been served', async () => {
    let requests = 0;
    const port = await rawServer((socket) =>
      socket.on('data', () => {
        requests += 1;
        socket.resetAndDestroy();
      }),
    );
    expect((await ask(relayOf([localUpstream(port)])).asked).failure?.kind).toBe('broken');
    expect(requests).toBe(1);
  });

  test('is not used beyond what upstream said', async () => {
    let connections = 0;
    const hinted = ok.replace('timeout=60', 'timeout=1');
    const port = await rawServer((socket) => {
      connections += 1;
      socket.on('data', () => socket.write(hinted));
    });
    const relay = relayOf([localUpstream(port)]);
    for (let n = 0; n < 3; n += 1) {
      expect((await ask(relay).asked).status).toBe(200);
      await sleep(5);
    }
    expect(connections).toBe(3);
  });
});

describe('through the proxy', () => {
  const messages = [
    { role: 'system', content: 'You sort support tickets.' },
    { role: 'user', content: 'I was charged twice.' },
  ] as const;
  const client = (url: string): OpenAI => new OpenAI({ apiKey: 'sk-client', baseURL: url, maxRetries: 0 });

  test('a routed chat falls back with the variant and the model of the other upstream, which is named', async () => {
    const first = await upstreamThat(says(500, '{}'));
    const other = await upstreamThat(
      says(200, '{"id":"c-1","choices":[{"index":0,"message":{"content":"billing"}}]}', {
        'content-type': 'application/json',
      }),
    );
    const proxy = await startLocalProxy({
      upstreamPort: first.port,
      relay: {
        others: [second(other.port, { models: { m: 'deployment' } })],
        order: { tasks: { triage: ['default', 'second'] } },
      },
    });
    open.push(proxy.close);
    const { data, response } = await client(proxy.url)
      .chat.completions.create(
        { model: 'm', messages: [...messages] },
        { headers: { 'x-ratchet-task': 'triage' } },
      )
      .withResponse();
    expect([data.id, response.headers.get('x-ratchet-upstream')]).toEqual(['c-1', 'second']);
    expect(JSON.parse(first.bodies[0] ?? '')).toEqual({ model: 'm', messages });
    expect(JSON.parse(other.bodies[0] ?? '')).toEqual({ model: 'deployment', messages });
    expect(await proxy.decision(1)).toMatchObject({ status: 200, completionId: 'c-1', model: 'm' });
  });

  test('too many at a time is an error that says when to come again', async () => {
    const waiting: ServerResponse[] = [];
    const server = await upstreamThat((response) => waiting.push(response));
    const concurrency = { max: 1, queueMax: 0, queueTimeoutMs: 1_000 };
    const proxy = await startLocalProxy({ upstreamPort: server.port, relay: { concurrency } });
    open.push(proxy.close);
    const served = fetch(`${proxy.url}/models`);
    while (waiting.length === 0) await sleep(5);
    const refused: unknown = await client(proxy.url)
      .chat.completions.create({ model: 'm', messages: [...messages] })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InternalServerError);
    expect(refused).toMatchObject({ status: 503, code: 'upstream_overloaded', type: 'server_error' });
    expect((refused as InternalServerError).headers?.get('retry-after')).toBe('1');
    const head = await fetch(`${proxy.url}/models`, { method: 'HEAD' });
    expect([head.status, head.headers.get('retry-after')]).toEqual([503, '1']);
    waiting[0]?.end('ok');
    expect(await (await served).text()).toBe('ok');
  });

  test('a HEAD whose client goes away ends upstream', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await upstreamThat((response) => response.once('close', closed.resolve));
    const proxy = await startLocalProxy({ upstreamPort: server.port });
    open.push(proxy.close);
    const controller = new AbortController();
    const asked = fetch(`${proxy.url}/models`, { method: 'HEAD', signal: controller.signal });
    while (server.requests.length === 0) await sleep(5);
    controller.abort();
    await expect(asked).rejects.toThrow();
    await closed.promise;
  });
});

test('what upstreams do is counted, by outcome', async () => {
  const counted: string[] = [];
  const count = (name: string, value: number, labels: Labels = {}): void =>
    void counted.push(`${name} ${value} ${Object.values(labels).join(' ')}`);
  const first = await upstreamThat(says(429, 'no'));
  const other = await upstreamThat(says(200, 'ok'));
  const relay = relayFor(
    {
      upstreams: [
        localUpstream(await deadPort(), { name: 'dead', retriesMax: 1 }),
        localUpstream(first.port),
        second(other.port),
      ],
    },
    { ...silentTelemetry, count },
  );
  await ask(relay).asked;
  await relay.close();
  expect(counted.toSorted()).toEqual([
    'ratchet.upstream.attempts 1 default 429',
    'ratchet.upstream.attempts 1 second 2xx',
    'ratchet.upstream.attempts 2 dead refused',
    'ratchet.upstream.fallbacks 1 dead default refused',
    'ratchet.upstream.fallbacks 1 default second 429',
  ]);
});
