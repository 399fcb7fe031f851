import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startByteForByte, type ByteForByte } from './support/byte-for-byte.ts';
import { openRawClient } from './support/raw-client.ts';
import { createMessageReader, type RawMessage } from './support/raw-message.ts';
import { answering } from './support/raw-upstream.ts';

const mebibyte = 1 << 20;

/** Longer than any transfer takes, shorter than one that hangs should be waited for. */
const timeoutMs = 30_000;

let wire: ByteForByte;
beforeAll(async () => {
  wire = await startByteForByte();
});
afterAll(async () => wire.close());

/** Different bytes in every mebibyte, so that a lost or doubled one is noticed. */
const noise = randomBytes(mebibyte);
function piece(at: number): Buffer {
  const made = Buffer.from(noise);
  made.writeUInt32BE(at, 0);
  return made;
}

/** Length and hash of all pieces. */
function digestOf(mebibytes: number): readonly [number, string] {
  const hash = createHash('sha256');
  for (let at = 0; at < mebibytes; at += 1) hash.update(piece(at));
  return [mebibytes * mebibyte, hash.digest('hex')];
}

/** How a body is delimited: its header, each piece, and what stands behind the last one. */
interface Framing {
  readonly header: (mebibytes: number) => string;
  readonly frame: (bytes: Buffer) => Buffer;
  readonly last: string;
}

const declared: Framing = {
  header: (mebibytes) => `Content-Length: ${mebibytes * mebibyte}`,
  frame: (bytes) => bytes,
  last: '',
};
const chunked: Framing = {
  header: () => 'Transfer-Encoding: chunked',
  frame: (bytes) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]),
  last: '0\r\n\r\n',
};

interface Upload {
  readonly path: string;
  readonly framing: Framing;
  readonly mebibytes: number;
  /** What the server reads before it sends anything, mebibytes. */
  readonly looksAtMebibytes: number;
}

/** Sends no more than a few mebibytes beyond what upstream has received, and checks what it received. */
async function upload({ path, framing, mebibytes, looksAtMebibytes }: Upload): Promise<void> {
  const hash = createHash('sha256');
  let received = 0;
  let onReceived = (): void => {};
  wire.upstream.behave({
    ...answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    keepsBodies: false,
    onBody: (_socket, bytes) => {
      hash.update(bytes);
      received += bytes.length;
      onReceived();
    },
  });
  const arrived = (bytes: number): Promise<void> =>
    new Promise((resolve) => {
      onReceived = () => {
        if (received >= bytes) resolve();
      };
      onReceived();
    });
  const client = await openRawClient(wire.port);
  await client.send(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${framing.header(mebibytes)}\r\n\r\n`);
  for (let at = 0; at < mebibytes; at += 1) {
    await client.send(framing.frame(piece(at)));
    // Sockets hold a few mebibytes of a stream; a body that were kept would stop here for ever.
    if (at > looksAtMebibytes) await arrived((at - 7) * mebibyte);
  }
  await client.send(framing.last);
  expect((await client.response()).body.toString()).toBe('ok');
  client.close();
  expect([received, hash.digest('hex')]).toEqual(digestOf(mebibytes));
}

/** Receives a body, of which the first byte must come before upstream has sent the last, and checks it. */
async function download(framing: Framing, mebibytes: number): Promise<void> {
  let sent = 0;
  wire.upstream.behave({
    onRequest: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${framing.header(mebibytes)}\r\n\r\n`);
      void (async () => {
        for (let at = 0; at < mebibytes; at += 1) {
          sent += mebibyte;
          if (!socket.write(framing.frame(piece(at)))) await once(socket, 'drain');
        }
        socket.write(framing.last);
      })();
    },
  });
  const client = await openRawClient(wire.port);
  client.socket.removeAllListeners('data');
  const { promise: whole, resolve } = Promise.withResolvers<RawMessage>();
  const hash = createHash('sha256');
  let received = 0;
  let sentAtFirst = 0;
  const reader = createMessageReader({
    keepsBodies: false,
    onBody: (bytes) => {
      if (received === 0) sentAtFirst = sent;
      hash.update(bytes);
      received += bytes.length;
    },
    onMessage: resolve,
  });
  client.socket.on('data', (bytes: Buffer) => reader.add(bytes));
  await client.send('GET /v1/files/1/content HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await whole;
  client.close();
  expect([received, hash.digest('hex')]).toEqual(digestOf(mebibytes));
  expect(sentAtFirst).toBeLessThan(mebibytes * mebibyte);
}

describe('64 MiB pass as they come', () => {
  const mebibytes = 64;
  // A chat is looked at up to 32 MiB, unless it says that it is longer.
  test.each<readonly [name: string, Omit<Upload, 'mebibytes'>]>([
    ['a file of declared length', { path: '/v1/files', framing: declared, looksAtMebibytes: 0 }],
    ['a file in chunks', { path: '/v1/files', framing: chunked, looksAtMebibytes: 0 }],
    ['a chat of declared length', { path: '/v1/chat/completions', framing: declared, looksAtMebibytes: 0 }],
    ['a chat in chunks', { path: '/v1/chat/completions', framing: chunked, looksAtMebibytes: 33 }],
  ])('%s, upwards', { timeout: timeoutMs }, async (_, settings) => {
    await upload({ ...settings, mebibytes });
  });

  test.each([
    ['of declared length', declared],
    ['in chunks', chunked],
  ])('a file %s, downwards', { timeout: timeoutMs }, async (_, framing) => {
    await download(framing, mebibytes);
  });
});

/** Only Linux tells how much memory another process has, and had at most. */
describe.skipIf(process.platform !== 'linux')('memory does not grow with what passes', () => {
  const mebibytes = 192;

  /** A figure of the server's memory, bytes. */
  const memory = (name: 'VmRSS' | 'VmHWM'): number => {
    const status = readFileSync(`/proc/${wire.server.pid}/status`, 'utf8');
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  };

  test.each([
    ['upwards', () => upload({ path: '/v1/files', framing: declared, looksAtMebibytes: 0, mebibytes })],
    ['downwards', () => download(chunked, mebibytes)],
  ])('192 MiB %s', { timeout: timeoutMs }, async (_, transfer) => {
    // Forgets the highest figure so far.
    writeFileSync(`/proc/${wire.server.pid}/clear_refs`, '5');
    const before = memory('VmRSS');
    await transfer();
    expect(memory('VmHWM') - before).toBeLessThan((mebibytes / 2) * mebibyte);
  });
});
