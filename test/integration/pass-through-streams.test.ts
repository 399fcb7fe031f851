import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startByteForByte, type ByteForByte } from './support/byte-for-byte.ts';
import { createMessageReader } from './support/raw-message.ts';
import { openRawClient, type RawClient } from './support/raw-client.ts';
import type { Behaviour } from './support/raw-upstream.ts';

const prompt = 'You sort support tickets. Answer with the name of the queue.';

let wire: ByteForByte;
beforeAll(async () => {
  wire = await startByteForByte();
});
afterAll(async () => wire.close());

const chat = JSON.stringify({
  model: 'm',
  stream: true,
  messages: [
    { role: 'system', content: prompt },
    { role: 'user', content: 'Twice charged' },
  ],
});
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const requests = [
  ['passed through', post('/v1/things', '{"stream":true}')],
  ['routed', post('/v1/chat/completions', chat)],
  [
    'for a response',
    post('/v1/responses', '{"model":"m","instructions":"Be brief.","input":"x","stream":true}'),
  ],
] as const;

const head =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n';
const chunk = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const end = '0\r\n\r\n';

/** Pieces of an event stream, each sent as a chunk of its own. */
const streams: readonly (readonly [name: string, pieces: readonly Uint8Array[]])[] = [
  [
    'events of several lines',
    bytesOf('event: a\nid: 1\nretry: 5\ndata: {"a":\ndata: 1}\n\n', 'data: [DONE]\n\n'),
  ],
  ['comments and pings', bytesOf(': hello\n\n', ':\n\n', ': OPENROUTER PROCESSING\n\n', 'data: x\n\n')],
  ['CRLF and lone CR', bytesOf('data: a\r\n\r\n', 'data: b\r\r', 'data: c\r\n', '\r\n')],
  ['a byte order mark', [Buffer.from([0xef, 0xbb, 0xbf]), ...bytesOf('data: a\n\n')]],
  ['no newline at the end', bytesOf('data: a\n\n', 'data: [DONE]')],
  ['no done', bytesOf('data: a\n\n')],
  ['more after done', bytesOf('data: [DONE]\n\n', 'data: late\n\n', 'garbage')],
  ['characters cut in two', splitEvery(Buffer.from('data: {"a":"süß 🎫 ☃"}\n\ndata: [DONE]\n\n'), 1)],
  ['lines cut anywhere', splitEvery(Buffer.from('event: x\ndata: {"b": [1, 2]}\n\n'.repeat(4)), 7)],
  ['bytes that are not UTF-8', [Buffer.from('data: caf\xe9\n\n', 'latin1'), Buffer.from([0xff, 0x00, 0xfe])]],
  ['a very long line', bytesOf(`data: ${'x'.repeat(200_000)}\n\n`, 'data: [DONE]\n\n')],
  ['nothing at all', []],
];

describe.each(requests)('a stream that is %s arrives byte by byte', (_, request) => {
  test.each(streams)('with %s', async (_name, pieces) => {
    wire.upstream.behave({
      onRequest: (socket) =>
        socket.write(Buffer.concat([Buffer.from(head), ...pieces.map(chunk), Buffer.from(end)])),
    });
    const client = await openRawClient(wire.port);
    await client.send(request);
    const { body, framing } = await client.response();
    client.close();
    expect(framing).toBe('chunked');
    expect(body.equals(Buffer.concat(pieces))).toBe(true);
  });

  test('each piece before the next one is made', async () => {
    const { client, socket, body } = await openStream(request);
    for (const piece of ['data: one\n\n', 'data: tw', 'o\n', '\n', ': ping\n\n', 'x']) {
      const seen = body.next(Buffer.byteLength(piece));
      socket.write(chunk(Buffer.from(piece)));
      expect((await seen).toString()).toBe(piece);
    }
    socket.write(end);
    await body.ended();
    client.close();
  });

  test('dripping, one byte of a chunk at a time', async () => {
    const { client, socket, body } = await openStream(request);
    const text = 'data: {"drip": "süß"}\n\n';
    const seen = body.next(Buffer.byteLength(text));
    for (const byte of Buffer.concat([chunk(Buffer.from(text)), Buffer.from(end)])) {
      socket.write(Buffer.from([byte]));
      await delay(1);
    }
    expect((await seen).toString()).toBe(text);
    await body.ended();
    client.close();
  });

  test('a stream that upstream breaks off breaks off, and does not end as if it were whole', async () => {
    const { client, socket, body } = await openStream(request);
    const seen = body.next(5);
    socket.write(chunk(Buffer.from('data:')));
    await seen;
    socket.resetAndDestroy();
    const all = await client.ended;
    expect(all.toString('latin1').endsWith('data:\r\n')).toBe(true);
    expect(all.includes('\r\n0\r\n')).toBe(false);
  });
});

describe.each(requests)('a client that goes away from a request that is %s', (_, request) => {
  /** Resolves when upstream sees the connection end. */
  const watched = (behaviour: Behaviour = {}): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wire.upstream.behave({ ...behaviour, onClose: () => resolve() });
    return within(promise);
  };

  test('before the head ends the request upstream', async () => {
    const gone = watched();
    const arrived = wire.upstream.next();
    const client = await openRawClient(wire.port);
    await client.send(request);
    await arrived;
    client.close();
    await gone;
  });

  test('in the middle of the stream ends it upstream', async () => {
    const gone = watched({ onRequest: (socket) => socket.write(head + '5\r\ndata:\r\n') });
    const client = await openRawClient(wire.port);
    await client.send(request);
    await once(client.socket, 'data');
    client.close();
    await gone;
  });

  test('while it does not read ends it upstream', async () => {
    const flood = chunk(Buffer.alloc(1 << 16, 'data: x\n\n'));
    const gone = watched({
      onRequest: (socket) => {
        socket.write(head);
        const pump = (): void => {
          while (!socket.destroyed && socket.write(flood));
        };
        socket.on('drain', pump);
        pump();
      },
    });
    const client = await openRawClient(wire.port);
    client.socket.once('data', () => client.socket.pause());
    await client.send(request);
    await once(client.socket, 'data');
    client.socket.resetAndDestroy();
    await gone;
  });
});

describe('a client that goes away while it uploads', () => {
  test.each([
    ['a file', '/v1/files'],
    ['a chat too large to look at', '/v1/chat/completions'],
  ])('%s ends the upload upstream', async (_, path) => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    wire.upstream.behave({ onBody: () => begin(), onClose: () => resolve() });
    const client = await openRawClient(wire.port);
    await client.send(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n`);
    await client.send(Buffer.alloc(1 << 20));
    await begun;
    client.close();
    await within(gone);
  });

  test('a chat that is looked at never reaches upstream', async () => {
    wire.upstream.behave({});
    wire.upstream.take();
    const before = wire.upstream.connections();
    const client = await openRawClient(wire.port);
    await client.send(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{"model"`,
    );
    client.close();
    await client.ended;
    const other = await openRawClient(wire.port);
    await other.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await other.response()).line).toBe('HTTP/1.1 200 OK');
    other.close();
    expect([wire.upstream.take(), wire.upstream.connections()]).toEqual([[], before]);
  });
});

/** A stream whose head has arrived, and whose every byte the test sends. */
async function openStream(request: string): Promise<{
  readonly client: RawClient;
  readonly socket: Socket;
  readonly body: ReturnType<typeof watchBody>;
}> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  wire.upstream.behave({ onRequest: resolve });
  const client = await openRawClient(wire.port);
  const body = watchBody(client);
  await client.send(request);
  const socket = await promise;
  socket.write(head);
  await body.begun;
  return { client, socket, body };
}

/** The body of a response as it comes. */
function watchBody(client: RawClient): {
  readonly begun: Promise<void>;
  readonly ended: () => Promise<void>;
  /** Resolves with the next bytes as soon as there are so many. */
  readonly next: (length: number) => Promise<Buffer>;
} {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: ended, resolve: finish } = Promise.withResolvers<void>();
  let got = Buffer.alloc(0);
  let wake = (): void => {};
  const reader = createMessageReader({
    onHead: () => begin(),
    onBody: (bytes) => {
      got = Buffer.concat([got, bytes]);
      wake();
    },
    onMessage: () => finish(),
  });
  client.socket.on('data', reader.add);
  return {
    begun: within(begun),
    ended: () => within(ended),
    next: (length) =>
      within(
        new Promise((resolve) => {
          wake = () => {
            if (got.length < length) return;
            resolve(got.subarray(0, length));
            got = got.subarray(length);
            wake = () => {};
          };
          wake();
        }),
      ),
  };
}

/** Rejects when it takes longer than anybody should wait for it. */
async function within<T>(promise: Promise<T>): Promise<T> {
  const late = Symbol('late');
  const timer = new AbortController();
  const first = await Promise.race([promise, delay(3_000, late, { signal: timer.signal }).catch(() => late)]);
  timer.abort();
  if (first === late) throw new Error('it did not happen within 3 s');
  return first as T;
}

function bytesOf(...texts: readonly string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text));
}

function splitEvery(bytes: Buffer, length: number): Buffer[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * length, (at + 1) * length));
}
