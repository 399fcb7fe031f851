import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RatchetError } from '../../src/domain/ratchet-error.ts';
import { addressFault } from '../../src/upstream/http/guarded-lookup.ts';
import { createHttpWebhooks } from '../../src/upstream/http/http-webhooks.ts';

const secret = 'token-of-the-service';
const body = { answer: { text: 'private words' } };
let server: Server | undefined;
let seen: { readonly headers: IncomingMessage['headers']; readonly text: string }[] = [];

async function serviceAt(reply: (response: ServerResponse) => void): Promise<string> {
  seen = [];
  const started = createServer((incoming, response) => {
    let text = '';
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
    incoming.on('end', () => {
      seen.push({ headers: incoming.headers, text });
      reply(response);
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${(address satisfies AddressInfo).port}/grade?v=1`;
}

async function failureOf(url: string, timeoutMs = 2000): Promise<RatchetError> {
  const error: unknown = await createHttpWebhooks({ TOKEN: secret })
    .post({ url, body, timeoutMs })
    .then(
      () => new Error('answered'),
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof RatchetError)) throw error;
  expect(error.message).not.toMatch(/private words|token-of/);
  return error;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('webhooks', () => {
  it('post JSON with the secret that is named, and read the JSON of the answer', async () => {
    const url = await serviceAt((response) => response.end('{"score": 0.5}'));
    const webhooks = createHttpWebhooks({ TOKEN: secret });
    const answer = await webhooks.post({ url, body, timeoutMs: 2000, secretEnv: 'TOKEN' });
    expect(answer).toEqual({ score: 0.5 });
    expect(JSON.parse(seen[0]?.text ?? '')).toEqual(body);
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${secret}`);
    await webhooks.post({ url, body, timeoutMs: 2000 });
    expect(seen[1]?.headers.authorization).toBeUndefined();
  });

  it('do not call without the secret that is asked for', async () => {
    const url = await serviceAt((response) => response.end('{}'));
    const call = createHttpWebhooks({}).post({ url, body, timeoutMs: 2000, secretEnv: 'TOKEN' });
    await expect(call).rejects.toMatchObject({ code: 'upstream_unreachable', isRetryable: false });
    expect(seen).toHaveLength(0);
  });

  it.each<[string, (response: ServerResponse) => void, string, boolean]>([
    [
      'follow no redirect',
      (response) => response.writeHead(307, { location: '/elsewhere' }).end(),
      'upstream_unreachable',
      false,
    ],
    ['take a refusal as it is', (response) => response.writeHead(401).end(), 'upstream_unreachable', false],
    [
      'may try again after trouble',
      (response) => response.writeHead(503).end(),
      'upstream_unreachable',
      true,
    ],
    ['read JSON only', (response) => response.end('fine'), 'invalid_model_output', false],
    [
      'read no more than 64 KiB',
      (response) => response.end(JSON.stringify('x'.repeat(70_000))),
      'invalid_model_output',
      false,
    ],
    ['do not wait longer than they may', () => {}, 'upstream_timeout', true],
    ['do not wait for the rest of an answer', (response) => response.write('{'), 'upstream_timeout', true],
  ])('%s', async (_, reply, ...[code, isRetryable]) => {
    const error = await failureOf(await serviceAt(reply), 300);
    expect(error).toMatchObject({ code, isRetryable });
    expect(seen).toHaveLength(1);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://0.0.0.0:8787/',
    'http://203.0.113.7/',
  ])('do not go to %s', async (url) => {
    expect(await failureOf(url)).toMatchObject({ code: 'upstream_unreachable', isRetryable: false });
  });

  it('check the address that a name stands for', async () => {
    const url = await serviceAt((response) => response.end('{"score": 1}'));
    const named = url.replace('127.0.0.1', 'localhost');
    expect(await createHttpWebhooks({}).post({ url: named, body, timeoutMs: 2000 })).toEqual({ score: 1 });
  });
});

describe('addressFault', () => {
  it.each<[string, boolean, boolean]>([
    ['127.0.0.1', false, true],
    ['10.1.2.3', false, true],
    ['fd12::1', false, true],
    ['93.184.216.34', false, false],
    ['93.184.216.34', true, true],
    ['169.254.169.254', true, false],
    ['fd00:ec2::254', true, false],
    ['::', true, false],
  ])('%s, encrypted %s: allowed %s', (address, isEncrypted, isAllowed) => {
    expect(addressFault(address, isEncrypted) === undefined).toBe(isAllowed);
  });
});
