import { describe, expect, test } from 'vitest';
import type { UpstreamCredential } from '../../domain/upstream.ts';
import type { RelayRequest } from '../relay.ts';
import { createHeaderRule, headersFor } from './request-headers.ts';

const request = (
  headers: readonly string[],
  body: RelayRequest['body'] = Buffer.from('{}'),
): RelayRequest => ({
  method: 'POST',
  path: '/chat/completions',
  headers,
  credentialHeader: 'x-api-key',
  body,
  call: null,
});

describe('the client\u2019s credential', () => {
  const sent = [
    'X-Api-Key',
    'sk-client',
    'Authorization',
    'Bearer sk-client',
    'OpenAI-Organization',
    'org-1',
  ];
  const others = ['Cookie', 'session=1', 'X-Other', '1'];
  const key = { kind: 'key', key: 'sk-ours', header: null } as const;

  test.each<[string, UpstreamCredential, boolean, readonly string[]]>([
    ['goes to the upstream that it is for', { kind: 'client' }, true, [...sent, ...others]],
    [
      'goes to another one only where that is said, without what identifies the client to the first',
      { kind: 'client' },
      false,
      ['X-Api-Key', 'sk-client', 'Authorization', 'Bearer sk-client', 'X-Other', '1'],
    ],
    ['does not go to one without a key', { kind: 'none' }, false, ['X-Other', '1']],
    [
      'is replaced by a key, where it was',
      key,
      true,
      ['OpenAI-Organization', 'org-1', ...others, 'x-api-key', 'sk-ours'],
    ],
    [
      'is replaced by a key, where the upstream wants it',
      { ...key, header: 'api-key' },
      false,
      ['X-Other', '1', 'api-key', 'sk-ours'],
    ],
    [
      'is replaced by a bearer token',
      { ...key, header: 'authorization' },
      false,
      ['X-Other', '1', 'authorization', 'Bearer sk-ours'],
    ],
  ])('%s', (_, credential, isClients, expected) => {
    const rule = createHeaderRule(credential, isClients);
    expect(headersFor(request([...sent, ...others]), rule, false)).toEqual(expected);
  });
});

describe('the length of a body', () => {
  const rule = createHeaderRule({ kind: 'client' }, true);
  const headers = ['content-length', '2', 'content-type', 'application/json'];

  test('follows from one at hand', () => {
    expect(headersFor(request(headers), rule, false)).toEqual(headers.slice(2));
    expect(headersFor(request(headers, null), rule, false)).toEqual(headers.slice(2));
  });

  test('is what was said of one that streams', () => {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{}');
    }
    expect(headersFor(request(headers, body()), rule, false)).toEqual(headers);
  });
});

test('a response that must be read on the way is not compressed', () => {
  const rule = createHeaderRule({ kind: 'client' }, true);
  expect(headersFor(request(['Accept-Encoding', 'gzip', 'a', '1']), rule, true)).toEqual([
    'a',
    '1',
    'accept-encoding',
    'identity',
  ]);
});
