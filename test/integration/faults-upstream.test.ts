import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, startLocalProxy, type LocalProxy, type RelaySettings } from './support/local-proxy.ts';
import { answering, startRawUpstream, type Behaviour, type RawUpstream } from './support/raw-upstream.ts';

/** Whether everything that was opened has been closed is looked at in the end. */
const socketsBefore = openSockets();
let upstream: RawUpstream;
let proxy: LocalProxy;

beforeAll(async () => {
  upstream = await startRawUpstream();
  proxy = await startLocalProxy({ upstreamPort: upstream.port });
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}

const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'You sort support tickets. Answer with the name of the queue.' },
  { role: 'user', content: 'I was charged twice.' },
];

const chunk = (content: string): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
const json = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'billing' }, finish_reason: 'stop' }],
});
const events = `${chunk('bil')}${chunk('ling')}data: [DONE]\n\n`;

/** The bytes of one answer, as JSON and as a stream. */
interface Wire {
  readonly head: string;
  /** Of which a half can be sent. */
  readonly body: string;
}

const whole: Wire = {
  head: `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${json.length}\r\n\r\n`,
  body: json,
};
const streamed: Wire = {
  head: 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
  body: [chunk('bil'), chunk('ling'), 'data: [DONE]\n\n']
    .map((text) => `${text.length.toString(16)}\r\n${text}\r\n`)
    .join('')
    .concat('0\r\n\r\n'),
};
/** Up to the middle of the second piece: the first one is whole. */
const half = ({ body }: Wire): string => body.slice(0, Math.floor(body.length * 0.6));

/** What a client makes of it: what it got, and how it ended. */
interface Outcome {
  readonly got: readonly unknown[];
  readonly end: 'fine' | 'no answer' | 'timeout' | 'broke off' | `status ${number} ${string}`;
}

interface Asking {
  readonly url: string;
  readonly isStream: boolean;
  readonly maxRetries?: number;
  readonly timeout?: number;
}

/** Asks with OpenAI's own client. An error of Ratchet's about upstream stands for an answer that never came. */
async function ask({ url, isStream, maxRetries = 0, timeout = 3_000 }: Asking): Promise<Outcome> {
  const client = new OpenAI({ apiKey: 'sk-client', baseURL: url, maxRetries, timeout });
  const got: unknown[] = [];
  try {
    if (isStream) {
      const stream = await client.chat.completions.create({ model: 'm', messages, stream: true });
      for await (const piece of stream) got.push(piece.choices[0]?.delta.content);
    } else got.push(await client.chat.completions.create({ model: 'm', messages }));
    return { got, end: 'fine' };
  } catch (error) {
    return { got, end: endOf(error) };
  }
}

function endOf(error: unknown): Outcome['end'] {
  if (error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof APIConnectionError) return 'no answer';
  if (error instanceof APIError && typeof error.status === 'number') {
    const isOurs = /^upstream_(unreachable|timeout)$/.test(String(error.code));
    return isOurs ? 'no answer' : `status ${error.status} ${error.message}`;
  }
  return 'broke off';
}

const direct = (): string => `http://127.0.0.1:${upstream.port}/v1`;

/** Both ways must look the same to the client, and afterwards both must work. */
async function sameOutcome(behaviour: Behaviour, asking: Omit<Asking, 'url'>): Promise<Outcome> {
  upstream.behave(behaviour);
  const one = await ask({ ...asking, url: direct() });
  const other = await ask({ ...asking, url: proxy.url });
  expect(other).toEqual(one);
  upstream.behave(answering(whole.head + whole.body));
  expect((await ask({ isStream: false, url: proxy.url })).end).toBe('fine');
  return one;
}

const then =
  (bytes: string, end: (socket: Socket) => void): NonNullable<Behaviour['onRequest']> =>
  (socket) => {
    if (bytes === '') end(socket);
    // Given time, so that what was written arrives before the end does.
    else socket.write(bytes, 'latin1', () => setTimeout(() => end(socket), 20));
  };
const ends = (socket: Socket): void => void socket.end();
const resets = (socket: Socket): void => void socket.resetAndDestroy();
const stays = (): void => {};

describe.each([
  ['an answer', whole, false],
  ['a stream', streamed, true],
] as const)('%s that upstream', (_, wire, isStream) => {
  test('gives whole arrives whole', async () => {
    expect((await sameOutcome(answering(wire.head + wire.body), { isStream })).end).toBe('fine');
  });

  test('drips byte by byte arrives whole', async () => {
    const drip: NonNullable<Behaviour['onRequest']> = (socket) =>
      void (async () => {
        for (const byte of wire.head + wire.body) {
          if (socket.destroyed) return;
          socket.write(byte);
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
    expect((await sameOutcome({ onRequest: drip }, { isStream })).end).toBe('fine');
  });

  describe.each([
    ['ends', ends],
    ['resets', resets],
  ])('%s', (_how, end) => {
    test.each<[string, string, Outcome['end']]>([
      ['at once', '', 'no answer'],
      ['in the middle of the head', wire.head.slice(0, 25), 'no answer'],
      ['after the head', wire.head, 'broke off'],
      ['in the middle of the body', wire.head + half(wire), 'broke off'],
    ])('%s', async (_when, bytes, expected) => {
      const outcome = await sameOutcome({ onRequest: then(bytes, end) }, { isStream });
      // A client that waits for the whole of an answer may call its loss either.
      if (isStream) expect(outcome.end).toBe(expected);
      else expect(['no answer', 'broke off']).toContain(outcome.end);
      expect(outcome.got).toHaveLength(isStream && bytes.length > wire.head.length ? 1 : 0);
    });
  });

  test.each([
    ['at once', ''],
    ['in the middle of the head', wire.head.slice(0, 25)],
    ['in the middle of the body', wire.head + half(wire)],
  ])('hangs %s is the client\u2019s to give up, and ends upstream then', async (_when, bytes) => {
    const closings = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const closed = Promise.all(closings.map(({ promise }) => promise));
    const onRequest = then(bytes, stays);
    upstream.behave({ onRequest, onClose: () => closings.pop()?.resolve() });
    const controllers = [direct(), proxy.url].map(async (url) => {
      const client = new OpenAI({ apiKey: 'sk', baseURL: url, maxRetries: 0 });
      const signal = AbortSignal.timeout(250);
      const got: unknown[] = [];
      const asked = client.chat.completions.create({ model: 'm', messages, stream: true }, { signal });
      await asked.then(
        async (stream) => {
          for await (const piece of stream) got.push(piece.choices[0]?.delta.content);
        },
        () => {},
      );
      return got;
    });
    const [one, other] = await Promise.all(controllers);
    expect(other).toEqual(one);
    await closed;
    upstream.behave(answering(whole.head + whole.body));
    expect((await ask({ isStream: false, url: proxy.url })).end).toBe('fine');
  });

  test.each([
    ['in place of the head', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['of a version that does not exist', wire.head.replace('HTTP/1.1', 'HTTP/9.9') + wire.body],
    ['of a status that is no number', wire.head.replace('200 OK', 'OK 200') + wire.body],
    ['in the head', wire.head.replace('content-type', 'content type\u0000') + wire.body],
    ['of nothing but zeros', '\u0000'.repeat(5_000)],
  ])('makes of garbage %s is none', async (_what, bytes) => {
    const outcome = await sameOutcome({ onRequest: then(bytes, stays) }, { isStream });
    expect(outcome).toEqual({ got: [], end: 'no answer' });
  });
});

describe('a length that is not true', () => {
  const head = (length: number): string => whole.head.replace(/length: \d+/, `length: ${length}`);

  test.each([
    ['too long, and then the end', head(json.length + 10) + json, ends],
    ['too long, and then a reset', head(json.length + 10) + json, resets],
    ['too short', head(json.length - 10) + json, stays],
    ['negative', head(-1) + json, ends],
    ['given twice', head(5).replace('\r\n\r\n', `\r\ncontent-length: 7\r\n\r\n`) + json, ends],
    ['none at all: the end is the end', head(0).replace('content-length: 0\r\n', '') + json, ends],
    ['of chunks, garbage', `${streamed.head}zz\r\n${json}\r\n`, ends],
    ['of chunks, too short', `${streamed.head}5\r\n${json}\r\n0\r\n\r\n`, ends],
    [
      'of chunks and as a number',
      head(5).replace('\r\n\r\n', '\r\ntransfer-encoding: chunked\r\n\r\n'),
      ends,
    ],
  ])('%s', async (_, bytes, end) => {
    await sameOutcome({ onRequest: then(bytes, end) }, { isStream: false });
  });
});

describe('a head', () => {
  const withHeader = (length: number): string =>
    whole.head.replace('\r\n\r\n', `\r\nx-long: ${'x'.repeat(length)}\r\n\r\n`) + json;

  test.each([
    ['long', 8_000],
    ['longer than the client takes', 40_000],
    ['longer than anybody takes', 3_000_000],
  ])('%s', async (_, length) => {
    await sameOutcome(answering(withHeader(length)), { isStream: false });
  });

  test('longer than the client of Node takes, but not others', async () => {
    upstream.behave(answering(withHeader(60_000)));
    const { get } = await import('node:http');
    const options = { port: proxy.port, path: '/v1/models', maxHeaderSize: 200_000 };
    const status = await new Promise((resolve, reject) => {
      get(options, (response) => {
        response.resume();
        resolve(response.headers['x-long']?.length);
      }).on('error', reject);
    });
    expect(status).toBe(60_000);
  });
});

describe('an answer before the request has been read', () => {
  const big = (): Promise<Response>[] =>
    [direct(), proxy.url].map(async (url) =>
      fetch(`${url}/files`, { method: 'POST', body: new Uint8Array(4_000_000) }),
    );

  test('is the answer, where upstream then reads on', async () => {
    const answer = `HTTP/1.1 413 Payload Too Large\r\ncontent-length: 2\r\n\r\nno`;
    upstream.behave({ onHead: (socket) => void socket.write(answer), keepsBodies: false });
    const [one, other] = await Promise.all(big().map(async (asked) => (await asked).status));
    expect([one, other]).toEqual([413, 413]);
  });

  test('and the end of the connection: the same failure, or the answer, but no hang', async () => {
    upstream.behave({ onHead: resets });
    const ended = await Promise.all(
      big().map(async (asked) =>
        asked.then(
          ({ status }) => (status === 502 ? 'no answer' : `status ${status}`),
          () => 'no answer',
        ),
      ),
    );
    expect(ended).toEqual(['no answer', 'no answer']);
  });
});

test('a client that tries again by itself does so for the same faults', async () => {
  for (const behaviour of [{ onRequest: then('', resets) }, { onRequest: then('garbage\r\n', ends) }]) {
    upstream.behave(behaviour);
    const counts: number[] = [];
    for (const url of [direct(), proxy.url]) {
      upstream.take();
      await ask({ url, isStream: false, maxRetries: 2 });
      counts.push(upstream.take().length);
    }
    expect(counts).toEqual([3, 3]);
  }
});

describe('a flood', () => {
  test('is held back for a client that does not read, and then arrives whole', async () => {
    const piece = Buffer.alloc(1 << 16, 'x');
    const pieces = 3_000;
    let written = 0;
    upstream.behave({
      onRequest: (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${piece.length * pieces}\r\n\r\n`);
        const pump = (): void => {
          while (written < pieces) {
            written += 1;
            if (!socket.write(piece)) return void socket.once('drain', pump);
          }
          return undefined;
        };
        pump();
      },
    });
    const response = await fetch(`${proxy.url}/files/big/content`);
    const reader = response.body?.getReader();
    await reader?.read();
    let before = -1;
    while (before !== written) {
      before = written;
      await sleep(150);
    }
    // What the kernel and each side's buffers hold, and no more.
    expect(written * piece.length).toBeLessThan(24e6);
    const { arrayBuffers } = process.memoryUsage();
    expect(arrayBuffers).toBeLessThan(100e6);
    let bytes = piece.length;
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read())
      bytes += read.value.length;
    expect(written).toBe(pieces);
    expect(bytes).toBeGreaterThan(piece.length * (pieces - 2));
  });
});

describe('where Ratchet gives up by itself', () => {
  const start = async (port: number, relay: RelaySettings): Promise<LocalProxy> =>
    startLocalProxy({ upstreamPort: port, relay });
  const post = async (url: string, isStream = false): Promise<Response> =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages, stream: isStream }),
    });

  test('a connection that never stands is a timeout', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    // Encrypted: the connection stands only when both sides have greeted.
    const limited = await start(port, { url: `https://127.0.0.1:${port}/v1`, connectTimeoutMs: 150 });
    const response = await post(limited.url);
    expect([response.status, await response.json()]).toMatchObject([
      504,
      { error: { code: 'upstream_timeout', message: expect.stringContaining('CONNECT_TIMEOUT') } },
    ]);
    await limited.close();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => silent.close(() => resolve()));
  });

  test('a response that does not begin in time is a timeout, and its connection is closed', async () => {
    const closed = Promise.withResolvers<void>();
    upstream.behave({ onRequest: then('HTTP/1.1 200', stays), onClose: () => closed.resolve() });
    const limited = await start(upstream.port, { firstByteTimeoutMs: 150 });
    const response = await post(limited.url);
    expect([response.status, await response.json()]).toMatchObject([
      504,
      { error: { code: 'upstream_timeout', type: 'server_error' } },
    ]);
    await closed.promise;
    expect(await limited.decision(1)).toMatchObject({ status: 0, usage: null });
    await limited.close();
  });

  test('a stream that stands still is cut off, as upstream\u2019s own end would', async () => {
    const closed = Promise.withResolvers<void>();
    upstream.behave({
      onRequest: then(streamed.head + half(streamed), stays),
      onClose: () => closed.resolve(),
    });
    const limited = await start(upstream.port, { idleTimeoutMs: 150 });
    const response = await post(limited.url, true);
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain('"bil"');
    await expect(reader?.read()).rejects.toThrow();
    await closed.promise;
    expect(await limited.decision(1)).toMatchObject({
      status: 0,
      finishReason: null,
      content: null,
      isUsageEstimated: true,
    });
    await limited.close();
  });

  test('a slow stream is none that stands still', async () => {
    upstream.behave({
      onRequest: (socket) => {
        void (async () => {
          socket.write(streamed.head);
          for (const part of streamed.body.match(/[^]{1,120}/g) ?? []) {
            socket.write(part);
            await sleep(100);
          }
        })();
      },
    });
    const limited = await start(upstream.port, { idleTimeoutMs: 2_000, firstByteTimeoutMs: 300 });
    expect(await (await post(limited.url, true)).text()).toBe(events);
    await limited.close();
  });

  test('a client that does not read is not taken for an upstream that stands still', async () => {
    upstream.behave({
      onRequest: (socket) => {
        const body = Buffer.alloc(30_000_000, 'x');
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
        socket.write(body);
      },
    });
    const limited = await start(upstream.port, { idleTimeoutMs: 200 });
    const response = await fetch(`${limited.url}/files/big/content`);
    await sleep(1_500);
    expect((await response.arrayBuffer()).byteLength).toBe(30_000_000);
    await limited.close();
  });
});

test('nobody listening is no answer, either way', async () => {
  const gone = await listen(() => {});
  await gone.close();
  const lonely = await startLocalProxy({ upstreamPort: gone.port, relay: { retriesMax: 0 } });
  const one = await ask({ url: `http://127.0.0.1:${gone.port}/v1`, isStream: false });
  expect(await ask({ url: lonely.url, isStream: false })).toEqual(one);
  expect(one).toEqual({ got: [], end: 'no answer' });
  await lonely.close();
});

test('after all of it nothing is left open', async () => {
  await proxy.close();
  await upstream.close();
  // The client's own connections go when they have been idle for some seconds.
  for (let waited = 0; openSockets() > socketsBefore && waited < 10_000; waited += 100) await sleep(100);
  expect(openSockets()).toBe(socketsBefore);
  upstream = await startRawUpstream();
  proxy = await startLocalProxy({ upstreamPort: upstream.port });
});
