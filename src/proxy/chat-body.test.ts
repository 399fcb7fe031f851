import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../domain/chat.ts';
import { readChatBody, rewriteBody, wholeRequest } from './chat-body.ts';
import { applyRewrite, isUnchanged, type Rewrite } from './rewrite.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const role = fc.constantFrom('system', 'developer', 'user', 'assistant');
const content = fc.oneof(
  text,
  fc.array(fc.record({ type: fc.constant('text'), text, mark: fc.jsonValue() }), { maxLength: 2 }),
);
const messages = fc.array(fc.record({ role, content }), { maxLength: 4 });
const others = fc.dictionary(text, fc.jsonValue(), { maxKeys: 4 });
const request: fc.Arbitrary<ChatRequest> = fc
  .tuple(
    others,
    fc.record(
      { model: text, messages, metadata: fc.dictionary(text, text), stream: fc.boolean() },
      { requiredKeys: ['model', 'messages'] },
    ),
    fc.infiniteStream(fc.nat()),
  )
  .map(([other, own, order]) => {
    const entries = Object.entries({ ...other, ...own }).filter(([key]) => key !== '__proto__');
    const ranked = entries.map((entry) => ({ entry, rank: order.next().value }));
    return Object.fromEntries(
      ranked.toSorted((one, two) => Number(one.rank) - Number(two.rank)).map(({ entry }) => entry),
    ) as unknown as ChatRequest;
  });
const rewrite: fc.Arbitrary<Rewrite> = fc.record({
  prompt: fc.option(text),
  model: fc.option(text),
  metadata: fc.option(fc.option(fc.dictionary(text, text)), { nil: undefined }),
});
const indent = fc.constantFrom('', ' ', '\t', '\r\n  ');

describe('a rewritten body', () => {
  test('says what editing the parsed request would say', () => {
    fc.assert(
      fc.property(request, rewrite, indent, (client, change, space) => {
        // Metadata that is absent cannot be replaced.
        const fitting = 'metadata' in client ? change : { ...change, metadata: undefined };
        const json = JSON.stringify(client, null, space);
        const body = readChatBody(Buffer.from(json));
        if (body === undefined) throw new Error('not read');
        expect(wholeRequest(body)).toEqual(JSON.parse(json));
        const sent = JSON.parse(rewriteBody(body, fitting).toString());
        expect(sent).toEqual(JSON.parse(JSON.stringify(applyRewrite(JSON.parse(json), fitting))));
        if (isUnchanged(fitting)) expect(rewriteBody(body, fitting)).toBe(body.bytes);
      }),
      { numRuns: 400 },
    );
  });

  test('keeps the spelling of everything else', () => {
    const json = `{ "seed":12345678901234567890, "messages" : [ {"role":"system","content":"old"} , {"content":"h\\u00e9","role":"user"}],\n"top_p":1.0,"model":"m", "metadata": {"ratchet_task":"t"} }`;
    const body = readChatBody(Buffer.from(json));
    if (body === undefined) throw new Error('not read');
    expect(rewriteBody(body, { prompt: 'néw', model: 'n', metadata: null }).toString()).toBe(
      `{ "seed":12345678901234567890, "messages" : [ {"role":"system","content":"néw"} , {"content":"h\\u00e9","role":"user"}],\n"top_p":1.0,"model":"n" }`,
    );
  });
});

describe('a body is left to upstream when it', () => {
  test.each([
    ['is empty', ''],
    ['is no object', '["model"]'],
    ['is cut off', '{"model":"m","messages":[{"role":"user"'],
    ['goes on after its end', '{"model":"m","messages":[]} {}'],
    ['has a field of ours twice', '{"model":"m","messages":[],"model":"n"}'],
    ['has no model', '{"messages":[]}'],
    ['has messages that are none', '{"model":"m","messages":[{"content":"x"}]}'],
    ['has content that is none', '{"model":"m","messages":[{"role":"user","content":7}]}'],
    ['has a malformed model', '{"model":"\\x","messages":[]}'],
  ])('%s', (_, json) => {
    expect(readChatBody(Buffer.from(json))).toBeUndefined();
  });

  test('is not UTF-8', () => {
    expect(
      readChatBody(Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff]), Buffer.from('"}')])),
    ).toBeUndefined();
  });
});
