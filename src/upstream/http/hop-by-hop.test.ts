import { describe, expect, test } from 'vitest';
import { forwardedResponseHeaders, headerValue } from './hop-by-hop.ts';
import { createHeaderRule, headersFor } from './request-headers.ts';

const forwardedRequestHeaders = (headers: readonly string[]): readonly string[] =>
  headersFor(
    { method: 'GET', path: '/', headers, credentialHeader: 'authorization', body: null, call: null },
    createHeaderRule({ kind: 'client' }, true),
    false,
  );

describe('headers that are passed on', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'keep their order, case and repetitions',
      ['B', '1', 'a', '2', 'B', '3'],
      ['B', '1', 'a', '2', 'B', '3'],
    ],
    [
      'exclude those of the connection',
      ['Connection', 'keep-alive', 'Keep-Alive', '1', 'TE', 'x', 'Trailer', 'x', 'Upgrade', 'h2', 'a', '1'],
      ['a', '1'],
    ],
    [
      'exclude those that the connection names',
      ['connection', 'close, X-Mine', 'x-mine', '1', 'x-other', '2'],
      ['x-other', '2'],
    ],
    [
      'exclude proxy credentials',
      ['Proxy-Authorization', 'secret', 'Authorization', 'x'],
      ['Authorization', 'x'],
    ],
  ])('%s', (_, headers, kept) => {
    expect(forwardedRequestHeaders(headers)).toEqual(kept);
    expect(forwardedResponseHeaders(headers)).toEqual(kept);
  });

  test('exclude what a request says of its own hop', () => {
    expect(forwardedRequestHeaders(['Host', 'a', 'Expect', '100-continue', 'x', '1'])).toEqual(['x', '1']);
    expect(forwardedResponseHeaders(['Host', 'a'])).toEqual(['Host', 'a']);
  });

  test('are read from bytes without losing any', () => {
    expect(forwardedResponseHeaders([Buffer.from('X-Odd'), Buffer.from([0x63, 0xe9])])).toEqual([
      'X-Odd',
      'c\u00e9',
    ]);
  });
});

test('a header is found whatever its case, the first of several', () => {
  expect(headerValue(['a', '1', 'X-Name', '2', 'x-name', '3'], 'x-name')).toBe('2');
  expect(headerValue(['x-name'], 'x-name')).toBeUndefined();
});
