import { describe, expect, test } from 'vitest';
import { isUsageAddable, usageSplice } from './ask-usage.ts';
import { chatFormat } from './chat-format.ts';
import { readRequestBody, type RequestBody } from './request-body.ts';
import type { RequestFormat } from './request-format.ts';
import { responsesFormat } from './responses-format.ts';
import { rewriteBody } from './rewrite-body.ts';
import { noRewrite } from './rewrite.ts';

function read(fields: object, format: RequestFormat = chatFormat): RequestBody {
  const body = readRequestBody(format, Buffer.from(JSON.stringify({ model: 'm', messages: [], ...fields })));
  if (body === undefined) throw new Error('not read');
  return body;
}

describe('a request is asked for its usage', () => {
  test.each([
    [{ stream: true }, { include_usage: true }],
    [{ stream: true, stream_options: null }, { include_usage: true }],
    [{ stream: true, stream_options: {} }, { include_usage: true }],
    [
      { stream: true, stream_options: { include_usage: false, include_obfuscation: false } },
      { include_usage: true, include_obfuscation: false },
    ],
  ])('where it streams without: %j', (fields, options) => {
    const body = read(fields);
    expect(isUsageAddable(body)).toBe(true);
    const sent: unknown = JSON.parse(rewriteBody(body, noRewrite, [usageSplice(body)]).toString());
    expect(sent).toEqual({ model: 'm', messages: [], ...fields, stream_options: options });
  });

  test.each([
    [{}],
    [{ stream: false }],
    [{ stream: true, stream_options: { include_usage: true } }],
    [{ stream: true, stream_options: 'odd' }],
    [{ stream: true, stream_options: [] }],
  ])('but not: %j', (fields) => {
    expect(isUsageAddable(read(fields))).toBe(false);
  });

  test('but never as a response, which tells it anyway', () => {
    const fields = { stream: true, input: 'hi', messages: undefined };
    expect(isUsageAddable(read(fields, responsesFormat))).toBe(false);
  });
});
