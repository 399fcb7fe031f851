import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endToEnd, startByteForByte, valueOf, type ByteForByte } from './support/byte-for-byte.ts';
import type { RawMessage } from './support/raw-message.ts';
import { answering, type Behaviour } from './support/raw-upstream.ts';

const prompt = 'You sort support tickets. Answer with the name of the queue.';

let wire: ByteForByte;
beforeAll(async () => {
  wire = await startByteForByte();
});
afterAll(async () => wire.close());

/** An answer with a body of declared length. */
function answerOf(status: string, headers: readonly string[], body: string | Uint8Array = ''): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const lines = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${bytes.length}`, '', ''];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), bytes]);
}

const get = (path = '/v1/things', method = 'GET'): string =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** A chat that is routed: what Ratchet looks at must come back untouched as well. */
const chat = (more: object = {}): string => {
  const messages = [
    { role: 'system', content: prompt },
    { role: 'user', content: 'Twice charged' },
  ];
  const body = JSON.stringify({ model: 'm', messages, ...more });
  return `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

const requests = [
  ['passed through', get()],
  ['routed', chat()],
] as const;

/** Sends a request both ways; the client must see the same, but for what belongs to one connection or to Ratchet. */
async function sameAnswer(request: string, behaviour: Behaviour): Promise<readonly RawMessage[]> {
  const { direct, through } = await wire.bothWays(request, behaviour);
  expect(through.responses.map(endToEnd)).toEqual(direct.responses.map(endToEnd));
  return through.responses;
}

const completion = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 's\u00fc\u00df' }, finish_reason: 'stop' }],
});
const limits = [
  'x-ratelimit-limit-requests: 500',
  'x-ratelimit-remaining-tokens: 0',
  'X-RateLimit-Reset-Tokens: 6m0s',
  'Retry-After: 20',
  'retry-after-ms: 20000',
  'openai-organization: org-1',
  'openai-processing-ms: 5',
  'OpenAI-Version: 2020-10-01',
  'x-request-id: req_1',
  'x-should-retry: false',
  'CF-RAY: 8f-FRA',
  'alt-svc: h3=":443"; ma=86400',
];
const error = JSON.stringify({ error: { message: 'no', type: 'x', param: null, code: 'y' } });

describe.each(requests)('an answer to a request that is %s arrives as it was sent', (kind, request) => {
  test.each([
    '200 OK',
    '201 Created',
    '202 Accepted',
    '203 Non-Authoritative Information',
    '206 Partial Content',
    '207 Multi-Status',
    '226 IM Used',
    '299 Something',
    '300 Multiple Choices',
    '301 Moved Permanently',
    '307 Temporary Redirect',
    '400 Bad Request',
    '401 Unauthorized',
    '402 Payment Required',
    '403 Forbidden',
    '404 Not Found',
    '405 Method Not Allowed',
    '407 Proxy Authentication Required',
    '408 Request Timeout',
    '409 Conflict',
    '413 Payload Too Large',
    "418 I'm a Teapot",
    '422 Unprocessable Entity',
    '429 Too Many Requests',
    '451 Unavailable For Legal Reasons',
    '500 Internal Server Error',
    '502 Bad Gateway',
    '503 Service Unavailable',
    '504 Gateway Timeout',
    '529 Overloaded',
    '599 Unknown',
  ])('%s, with its headers and body', async (status) => {
    const headers = ['Content-Type: application/json', 'Location: /v1/other', ...limits];
    const [answer] = await sameAnswer(request, answering(answerOf(status, headers, error)));
    expect(answer?.body.toString()).toBe(error);
    expect(valueOf(answer, 'x-ratchet-decision') !== undefined).toBe(kind === 'routed');
  });

  test.each(['200 Fine by me', '429 ', '999 Odd words'])('a reason phrase of its own: %s', async (status) => {
    await sameAnswer(request, answering(answerOf(status, [])));
  });

  test.each([
    [
      'repeated',
      ['Set-Cookie: a=1; Path=/', 'X-B: 1', 'Set-Cookie: b=2', 'x-b: 2', 'Link: <a>', 'Link: <b>'],
    ],
    ['spelt oddly', ['x-lower: 1', 'X-UPPER: 2', 'X-MiXeD: 3', 'X_Under: 4', 'ETag: W/"a"', 'x.dot~: 5']],
    ['empty', ['X-Empty:', 'X-Blank:   ', 'X-Inner: a  b\tc']],
    ['beyond ASCII', ['X-Latin: caf\xe9', 'X-Utf8: s\xc3\xbc\xc3\x9f \xf0\x9f\x8e\xab']],
    ['for browsers', ['Access-Control-Allow-Origin: *', 'Vary: Origin', 'Content-Security-Policy: x']],
    ['with a date of their own', ['Date: Thu, 01 Jan 1970 00:00:00 GMT', 'Last-Modified: x', 'Age: 5']],
    ['long', [`X-Long: ${'x'.repeat(8000)}`]],
    ['many', Array.from({ length: 100 }, (_, at) => `X-Number-${at}: ${at}`)],
    ['also of timing', ['Server-Timing: model;dur=5', 'Server: uvicorn', 'Via: 1.1 other']],
  ])('headers that are %s', async (_, headers) => {
    const [answer] = await sameAnswer(request, answering(answerOf('200 OK', headers, 'x')));
    const dates = headers.filter((header) => header.startsWith('Date:'));
    if (dates.length > 0) expect(`Date: ${valueOf(answer, 'date')}`).toBe(dates[0]);
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['deflate', deflateSync],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
    ['unknown', (text: string) => Buffer.from(text).toReversed()],
  ])('bytes in %s', async (encoding, encode) => {
    const bytes = encode(completion);
    const headers = ['Content-Type: application/json', `Content-Encoding: ${encoding}`];
    const [answer] = await sameAnswer(request, answering(answerOf('200 OK', headers, bytes)));
    expect(answer?.body.equals(bytes)).toBe(true);
  });

  test.each([
    ['in chunks', 'Transfer-Encoding: chunked', '5\r\nhello\r\n1;ext=1\r\n \r\n5\r\nworld\r\n0\r\n\r\n'],
    ['in chunks of no bytes', 'Transfer-Encoding: chunked', '0\r\n\r\n'],
    [
      'in chunks, with trailers',
      'Trailer: X-Checksum\r\nTransfer-Encoding: chunked',
      '5\r\nhello\r\n0\r\nX-Checksum: abc\r\nX-Other: caf\xe9\r\n\r\n',
    ],
    ['until the connection ends', 'Content-Type: text/plain', 'hello world'],
    ['of no bytes until the connection ends', 'Content-Type: text/plain', ''],
  ])('a body %s', async (_, header, body) => {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n${body}`, 'latin1');
    const { direct, through } = await wire.bothWays(request, answering(bytes, 'close'));
    const [asSent] = direct.responses.map(endToEnd);
    const [asReceived] = through.responses.map(endToEnd);
    // A body of unknown length comes in chunks from then on, so that the connection lives and an early end is noticed.
    expect(asReceived).toEqual({ ...asSent, framing: 'chunked', headers: without(asSent, 'trailer') });
  });

  test.each([
    ['204 with nothing', 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n'],
    ['204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n'],
    [
      '304 with what it would have been',
      'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 500\r\n\r\n',
    ],
    ['304 with nothing', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'],
  ])('%s', async (_, answer) => {
    await sameAnswer(request, answering(answer));
  });

  test('HTTP/1.0, with and without a length', async () => {
    for (const header of ['Content-Length: 2', 'Content-Type: text/plain']) {
      const behaviour = answering(`HTTP/1.0 200 OK\r\n${header}\r\n\r\nok`, 'close');
      const { through } = await wire.bothWays(request, behaviour);
      expect(through.responses[0]).toMatchObject({ line: 'HTTP/1.1 200 OK', body: Buffer.from('ok') });
    }
  });
});

describe('the answer to HEAD', () => {
  const head = get('/v1/files/1/content', 'HEAD');
  const odd = [
    'HTTP/1.1 200 OK',
    'X-B: 1',
    'Set-Cookie: a=1',
    'x-a: 2',
    'Set-Cookie: b=2',
    'X-L: caf\xe9',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

  test.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 12345\r\n\r\n'],
    ['in chunks that are not sent', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['of an error', 'HTTP/1.1 404 Not Found\r\nContent-Length: 30\r\nx-request-id: req_1\r\n\r\n'],
    ['without a type', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['with odd and repeated headers', odd],
    ['of an odd status', 'HTTP/1.1 299 Something\r\nContent-Length: 5\r\n\r\n'],
    ['of a status that nobody knows', 'HTTP/1.1 600 Odd\r\nContent-Length: 5\r\n\r\n'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['304', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'],
  ])('%s', async (_, answer) => {
    await sameAnswer(head, answering(answer));
  });
});

describe.each(requests)('interim answers to a request that is %s', (_, request) => {
  const last = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

  const arrives = async (interim: string): Promise<void> => {
    const { direct, through } = await wire.bothWays(request, answering(interim + last));
    expect(direct.responses.length).toBeGreaterThan(1);
    expect(through.responses.map(endToEnd).at(-1)).toEqual(direct.responses.map(endToEnd).at(-1));
  };

  test.each([
    ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103 with hints', 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'],
    ['several', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <b>\r\n\r\n'],
  ])('%s: the answer behind it arrives', async (_name, interim) => {
    await arrives(interim);
  });

  // Known shortcoming: undici takes it for the end of the connection.
  test('100 that nobody asked for: the answer behind it arrives', { fails: true }, async () => {
    await arrives('HTTP/1.1 100 Continue\r\n\r\n');
  });
});

/** Headers of a message but those of one name. */
function without(message: RawMessage | undefined, unwanted: string): RawMessage['headers'] {
  return (message?.headers ?? []).filter(([name]) => name.toLowerCase() !== unwanted);
}
