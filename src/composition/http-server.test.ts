import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listen, type HttpServer } from './http-server.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Started {
  readonly server: HttpServer;
  /** Resolves with the response to the request number `count`, from 1, for the test to write. */
  readonly response: (count: number) => Promise<ServerResponse>;
  readonly targets: string[];
}

async function start(headMsMax?: number): Promise<Started> {
  const responses: ServerResponse[] = [];
  const waiting = new Set<() => void>();
  const targets: string[] = [];
  const server = await listen(
    {
      fetch: (_, { incoming, outgoing }) => {
        targets.push(incoming.url ?? '');
        responses.push(outgoing);
        for (const wake of waiting) wake();
        return RESPONSE_ALREADY_SENT;
      },
      upgrade: (_, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    },
    { host: '127.0.0.1', port: 0, ...(headMsMax === undefined ? {} : { headMsMax }) },
  );
  return {
    server,
    targets,
    response: async (count) => {
      for (;;) {
        const found = responses[count - 1];
        if (found !== undefined) return found;
        await new Promise<void>((wake) => {
          waiting.add(wake);
        });
      }
    },
  };
}

interface Line {
  readonly send: (text: string) => void;
  /** Resolves when this text has come; rejects when the connection ends before. */
  readonly seen: (text: string) => Promise<string>;
  readonly ended: Promise<void>;
}

function dial({ url }: HttpServer): Line {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => (text += chunk.toString()));
  return {
    send: (sent) => void socket.write(sent),
    ended: new Promise((resolve) => socket.once('close', () => resolve())),
    seen: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.includes(wanted)) resolve(text);
        };
        socket.on('data', look);
        socket.once('close', () => reject(new Error(`ended after ${JSON.stringify(text)}`)));
        look();
      }),
  };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

test('a stop lets what is under way end, tells its client that the connection ends, and takes no other', async () => {
  const { server, response } = await start();
  const [begun, silent, idle] = [dial(server), dial(server), dial(server)];
  idle.send(get('/idle'));
  (await response(1)).end('idle');
  await idle.seen('idle');
  begun.send(get('/begun'));
  const stream = await response(2);
  stream.write('first ');
  expect(await begun.seen('first')).toMatch(/connection: keep-alive/i);
  silent.send(get('/silent'));
  const answer = await response(3);

  const drained = server.drain(5_000);
  await idle.ended;
  const late = dial(server);
  late.send(get('/late'));
  await late.ended;
  answer.writeHead(200, ['X-Own', '1']);
  answer.end('answer');
  expect(await silent.seen('answer')).toMatch(/X-Own: 1\r\n[^]*connection: close/i);
  await silent.ended;
  stream.end('last');
  await begun.seen('last');
  expect(await drained).toBe(true);
});

test('a request behind one that is under way is answered too, on the connection\u2019s last turn', async () => {
  const { server, response } = await start();
  const line = dial(server);
  line.send(get('/one'));
  const one = await response(1);
  one.write('begun');
  await line.seen('begun');
  const drained = server.drain(5_000);
  line.send(get('/two'));
  one.end(' ended');
  (await response(2)).end('second');
  expect(await line.seen('second')).toMatch(/connection: close/i);
  await line.ended;
  expect(await drained).toBe(true);
});

test('what still runs at the deadline is cut off', async () => {
  const { server, response } = await start();
  const line = dial(server);
  line.send(get('/long'));
  (await response(1)).write('begun');
  await line.seen('begun');
  expect(await server.drain(50)).toBe(false);
  await line.ended;
});

test('a sender may write the whole address, and need not name a host', async () => {
  const { server, response, targets } = await start();
  const line = dial(server);
  line.send('GET http://other:1/v1/models?a=http://b/ HTTP/1.1\r\nhost: other:1\r\n\r\n');
  (await response(1)).end('one');
  await line.seen('one');
  line.send('GET http://other HTTP/1.1\r\nhost: other\r\n\r\n');
  (await response(2)).end('two');
  await line.seen('two');
  line.send('GET /v1/models HTTP/1.0\r\n\r\n');
  (await response(3)).end('three');
  await line.seen('three');
  expect(targets).toEqual(['/v1/models?a=http://b/', '/', '/v1/models']);
  await server.drain(1_000);
});

test('a web socket that stays open holds up a stop until the deadline only', async () => {
  const { server } = await start();
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET /v1/realtime HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await once(socket, 'data');
  const ended = once(socket, 'close');
  expect(await server.drain(100)).toBe(false);
  await ended;
});

test('a wish for another HTTP is passed over', async () => {
  const { server, response } = await start();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET /v1/models HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  (await response(1)).end('served');
  const [bytes] = await once(socket, 'data');
  expect(String(bytes)).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
  await server.drain(100);
});

test('a head that never ends is cut off in time, a body that takes longer is not', async () => {
  const { server, response } = await start(200);
  const [slow, patient] = [dial(server), dial(server)];
  patient.send('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nx');
  slow.send('GET / HTTP/1.1\r\nx-a: ');
  await slow.ended;
  await new Promise((resolve) => setTimeout(resolve, 300));
  (await response(1)).end('answer');
  await patient.seen('answer');
  await server.drain(100);
});
