import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startByteForByte, type ByteForByte } from './support/byte-for-byte.ts';
import { exchange, openRawClient } from './support/raw-client.ts';
import { headerOf } from './support/raw-message.ts';
import { answering } from './support/raw-upstream.ts';

const ok = answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

let wire: ByteForByte;
beforeAll(async () => {
  wire = await startByteForByte();
});
afterAll(async () => wire.close());

/** What a server says to bytes that are no request, until it ends the connection. */
async function refusalOf(bytes: string): Promise<string> {
  const client = await openRawClient(wire.port);
  await client.send(bytes);
  const said = await client.ended;
  return said.toString('latin1').split('\r\n')[0] ?? '';
}

describe('a request whose end could be read in two ways is refused, and nothing of it reaches upstream', () => {
  const smuggled = 'GET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
  test.each([
    ['a length beside chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks beside a length', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 4\r\n\r\n'],
    ['a list of lengths', 'Content-Length: 0, 4\r\n\r\n'],
    ['a length with a sign', 'Content-Length: +0\r\n\r\n'],
    ['a coding that ends otherwise', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['a coding in disguise', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a space before the colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['a line that goes on', 'X-A: 1\r\n Transfer-Encoding: chunked\r\nContent-Length : 0\r\n\r\n'],
    ['a bare line feed in a header', 'X-A: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk of no number', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n'],
  ])('%s', async (_, rest) => {
    wire.upstream.behave(ok);
    wire.upstream.take();
    expect(await refusalOf(`POST /v1/files HTTP/1.1\r\nHost: localhost\r\n${rest}${smuggled}`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(wire.upstream.take().map(({ line }) => line)).not.toContain('GET /v1/smuggled HTTP/1.1');
  });
});

const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

/** A chat with a prompt, so that it is routed. */
function chat(more: string): string {
  return `{"model":"m","messages":[{"role":"system","content":"Sort tickets."},{"role":"user","content":"x"}]${more}}`;
}

async function answerTo(body: string, headers: readonly string[] = []) {
  wire.upstream.behave(ok);
  const head = ['POST /v1/chat/completions HTTP/1.1', 'Host: localhost', ...headers];
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const [answer] = await exchange(
    wire.port,
    Buffer.concat([Buffer.from([...head, length, '', ''].join('\r\n'), 'latin1'), Buffer.from(body)]),
  );
  return answer;
}

describe('a chat that is meant to break something is served', () => {
  test.each([
    [
      'that would change what objects are made from',
      chat(',"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'),
    ],
    [
      'with metadata that is what objects are made from',
      chat(',"metadata":{"__proto__":{"ratchet_task":"x"},"ratchet_task":"__proto__"}'),
    ],
    ['with a value nested 200,000 deep', chat(`,"metadata":${deep}`)],
    ['with a message nested 200,000 deep', chat(`,"tools":${deep}`).replace('"x"', deep)],
    [
      'with half a character as the name of its task',
      chat(String.raw`,"metadata":{"ratchet_task":"\ud83d"}`),
    ],
    [
      'with a name that is cut within a character',
      chat(`,"metadata":{"ratchet_task":"${'a'.repeat(199)}🎫"}`),
    ],
    ['with an episode of half a character', chat(String.raw`,"metadata":{"ratchet_episode":"\udc00"}`)],
    [
      'with a name that would end a header',
      chat(String.raw`,"metadata":{"ratchet_task":"a\r\nx-evil: 1\r\n\r\n"}`),
    ],
  ])('one %s', async (_, body) => {
    const answer = await answerTo(body);
    expect(answer?.line).toBe('HTTP/1.1 200 OK');
    expect(answer?.body.toString()).toBe('ok');
    expect(headerOf(answer?.headers ?? [], 'x-evil')).toBeUndefined();
  });

  test('and so is the next one', async () => {
    const answer = await answerTo(chat(''));
    expect(answer?.line).toBe('HTTP/1.1 200 OK');
    expect(headerOf(answer?.headers ?? [], 'x-ratchet-decision')).toMatch(/^rd_/);
  });
});
