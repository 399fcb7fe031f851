import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startByteForByte, type ByteForByte } from './support/byte-for-byte.ts';
import { exchange, openRawClient } from './support/raw-client.ts';
import { headerOf, type RawMessage } from './support/raw-message.ts';
import { answering } from './support/raw-upstream.ts';

let wire: ByteForByte;
beforeAll(async () => {
  wire = await startByteForByte();
});
afterAll(async () => wire.close());

const get = (path: string, ...headers: readonly string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Answers with what was asked: the path, and the length of the body. */
const echo = {
  onRequest: (socket: Socket, { line, body }: RawMessage): void => {
    const text = `${line.split(' ')[1] ?? ''} ${body.length}`;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  },
};

describe('connections are kept', () => {
  test('a client asks again and again on one, and one is enough upstream', async () => {
    wire.upstream.behave(echo);
    const client = await openRawClient(wire.port);
    const answers: string[] = [];
    const before = wire.upstream.connections();
    for (const request of [
      get('/v1/a'),
      post('/v1/b', 'xyz'),
      post('/v1/chat/completions', '[]'),
      get('/v1/c'),
    ]) {
      await client.send(request);
      answers.push((await client.response()).body.toString());
    }
    client.close();
    expect(answers).toEqual(['/v1/a 0', '/v1/b 3', '/v1/chat/completions 2', '/v1/c 0']);
    expect(wire.upstream.connections() - before).toBeLessThanOrEqual(1);
  });

  test('requests that do not wait for each other are answered in their order', async () => {
    const release = Promise.withResolvers<void>();
    wire.upstream.behave({
      onRequest: (socket, request) => {
        if (!request.line.includes('/slow')) echo.onRequest(socket, request);
        else void release.promise.then(() => echo.onRequest(socket, request));
      },
    });
    const client = await openRawClient(wire.port);
    const arrived = wire.upstream.next();
    await client.send(get('/v1/slow') + post('/v1/b', 'xyz') + get('/v1/c'));
    await arrived;
    release.resolve();
    const answers = [await client.response(), await client.response(), await client.response()];
    client.close();
    expect(answers.map(({ body }) => body.toString())).toEqual(['/v1/slow 0', '/v1/b 3', '/v1/c 0']);
  });

  test.each([
    ['says that it closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
    ['closes without a word', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['closes to end the body', 'HTTP/1.1 200 OK\r\n\r\nok'],
    ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok'],
  ])('an upstream that %s costs the client no connection', async (_, answer) => {
    wire.upstream.behave(answering(answer, 'close'));
    const client = await openRawClient(wire.port);
    for (let turn = 0; turn < 5; turn += 1) {
      await client.send(turn % 2 === 0 ? get('/v1/a') : post('/v1/a', 'x'));
      expect((await client.response()).body.toString()).toBe('ok');
    }
    client.close();
  });

  test('a client that wants its connection closed gets that', async () => {
    wire.upstream.behave(echo);
    const client = await openRawClient(wire.port);
    await client.send(get('/v1/a', 'Connection: close'));
    expect((await client.response()).body.toString()).toBe('/v1/a 0');
    await client.ended;
  });

  test('many at a time do not mix', async () => {
    wire.upstream.behave(echo);
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, at) =>
        exchange(wire.port, post(`/v1/${at}`, 'x'.repeat(at * 100))),
      ),
    );
    expect(answers.map(([answer]) => answer?.body.toString())).toEqual(
      Array.from({ length: 60 }, (_, at) => `/v1/${at} ${at * 100}`),
    );
  });
});

describe('an answer that comes before the request is all there', () => {
  test.each(['/v1/files', '/v1/chat/completions'])('reaches the client: %s', async (path) => {
    wire.upstream.behave({
      onHead: (socket) =>
        socket.end('HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig'),
    });
    const client = await openRawClient(wire.port);
    await client.send(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n`);
    await client.send(Buffer.alloc(1 << 20));
    expect(await client.response()).toMatchObject({
      line: 'HTTP/1.1 413 Payload Too Large',
      body: Buffer.from('big'),
    });
    client.close();
  });
});

describe('an upgrade to a web socket', () => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const upgrade = get(
    '/v1/realtime?model=gpt-realtime',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: realtime',
    'Authorization: Bearer sk-client',
  );

  test('is passed on, and both sides talk', async () => {
    const upstreamEnded = Promise.withResolvers<void>();
    wire.upstream.behave({
      onRequest: (socket, { headers }) => {
        if (headerOf(headers, 'upgrade') !== 'websocket') {
          socket.write('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n');
          return;
        }
        expect(headerOf(headers, 'authorization')).toBe('Bearer sk-client');
        socket.removeAllListeners('data');
        socket.on('data', (bytes: Buffer) => socket.write(bytes));
        socket.once('end', () => upstreamEnded.resolve());
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
        );
      },
    });
    const client = await openRawClient(wire.port);
    await client.send(upgrade);
    const answer = await client.response();
    expect(answer.line).toBe('HTTP/1.1 101 Switching Protocols');
    expect(headerOf(answer.headers, 'sec-websocket-accept')).toBe(accept);
    client.socket.removeAllListeners('data');
    await client.send(Buffer.from([0x81, 0x01, 0x41]));
    expect((await once(client.socket, 'data'))[0]).toEqual(Buffer.from([0x81, 0x01, 0x41]));
    client.close();
    await upstreamEnded.promise;
  });

  test('that upstream does not answer ends upstream when the client goes away', async () => {
    const ended = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    wire.upstream.behave({
      onRequest: (socket) => {
        socket.once('close', () => ended.resolve());
        asked.resolve();
      },
    });
    const client = await openRawClient(wire.port);
    await client.send(upgrade);
    await asked.promise;
    client.close();
    await ended.promise;
  });

  test('outside of the API is refused in our words', async () => {
    const [answer] = await exchange(wire.port, upgrade.replace('/v1/realtime', '/console'));
    expect(answer?.line).toBe('HTTP/1.1 404 Refused');
    expect(JSON.parse(String(answer?.body))).toMatchObject({ error: { code: 'not_found' } });
  });

  test('that upstream refuses is refused in upstream\u2019s words', async () => {
    wire.upstream.behave(answering('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nx-a: 1\r\n\r\nno'));
    const [answer] = await exchange(wire.port, upgrade);
    expect(answer).toMatchObject({ line: 'HTTP/1.1 401 Unauthorized', body: Buffer.from('no') });
  });
});

describe('the path of the upstream\u2019s base URL', () => {
  let other: ByteForByte | undefined;
  afterEach(async () => other?.close());

  test.each([
    ['', ''],
    ['/openai/deployments/gpt%204o//', '/openai/deployments/gpt%204o'],
  ])('%j stands before every path', async (given, path) => {
    other = await startByteForByte(given);
    const { port, upstream } = other;
    upstream.behave(echo);
    for (const request of [
      get('/v1/models?a=b'),
      post('/v1/chat/completions', '[]'),
      post('/v1/files/', 'x'),
    ]) {
      const [, asked] = request.split(' ');
      const [answer] = await exchange(port, request);
      expect(answer?.body.toString().split(' ')[0]).toBe(`${path}${asked?.slice('/v1'.length)}`);
    }
  });
});
