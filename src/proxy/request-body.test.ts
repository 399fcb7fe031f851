import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentRequest } from '../domain/agent-request.ts';
import { promptSlotOf } from '../domain/prompt-slot.ts';
import { chatFormat } from './chat-format.ts';
import { readRequestBody, wholeRequest, type RequestBody } from './request-body.ts';
import type { RequestFormat } from './request-format.ts';
import { responsesFormat } from './responses-format.ts';
import { rewriteBody } from './rewrite-body.ts';
import { applyRewrite, noRewrite, type Rewrite } from './rewrite.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const word = fc.constantFrom('', 'a', 'b', 'a\n\nb');
const role = fc.constantFrom('system', 'system', 'developer', 'user', 'assistant');
const part = (type: string): fc.Arbitrary<object> =>
  fc.record({ type: fc.constant(type), text: fc.oneof(word, text), mark: fc.jsonValue() });
const content = (type: string): fc.Arbitrary<unknown> =>
  fc.oneof(word, text, fc.array(part(type), { maxLength: 3 }));
const message = (type: string): fc.Arbitrary<object> =>
  fc.record({ role, content: content(type), name: text }, { requiredKeys: ['role', 'content'] });
const others = fc.dictionary(text, fc.jsonValue(), { maxKeys: 4 });
const common = { model: text, metadata: fc.dictionary(text, text), stream: fc.boolean() };

/** Requests whose fields stand in any order among fields that Ratchet does not know. */
function requests(format: RequestFormat, own: fc.Arbitrary<object>): fc.Arbitrary<AgentRequest> {
  return fc.tuple(others, own, fc.infiniteStream(fc.nat())).map(([other, fields, order]) => {
    const strange = Object.entries(other).filter(([key]) => key !== '__proto__' && !format.fields.has(key));
    const ranked = [...strange, ...Object.entries(fields)].map((entry) => ({
      entry,
      rank: order.next().value,
    }));
    return Object.fromEntries(
      ranked.toSorted((one, two) => Number(one.rank) - Number(two.rank)).map(({ entry }) => entry),
    ) as unknown as AgentRequest;
  });
}

const chats = requests(
  chatFormat,
  fc.record(
    { ...common, messages: fc.array(message('text'), { maxLength: 5 }) },
    { requiredKeys: ['model', 'messages'] },
  ),
);
const item = fc.oneof(
  message('input_text'),
  message('input_text').map((fields) => ({ type: 'message', ...fields })),
  fc.record({ type: fc.constant('function_call'), name: text, arguments: text, call_id: text }),
);
const responses = requests(
  responsesFormat,
  fc.record(
    {
      ...common,
      instructions: fc.oneof(word, text, fc.constant(null)),
      input: fc.oneof(text, fc.array(item, { maxLength: 5 })),
      previous_response_id: text,
      conversation: fc.oneof(text, fc.record({ id: text })),
    },
    { requiredKeys: ['model'] },
  ),
);
const rewrites: fc.Arbitrary<Rewrite> = fc.record({
  prompt: fc.option(
    fc.oneof(
      fc.array(word).map((words) => words.join('\n\n')),
      text,
    ),
  ),
  model: fc.option(text),
  metadata: fc.option(fc.option(fc.dictionary(text, text)), { nil: undefined }),
});
const indent = fc.constantFrom('', ' ', '\t', '\r\n  ');

function read(format: RequestFormat, json: string): RequestBody {
  const body = readRequestBody(format, Buffer.from(json));
  if (body === undefined) throw new Error('not read');
  return body;
}

describe.each([
  ['chat', chatFormat, chats],
  ['responses', responsesFormat, responses],
])('a rewritten %s body', (_, format, clients) => {
  test('says what editing the parsed request would say', () => {
    fc.assert(
      fc.property(clients, rewrites, indent, (client, change, space) => {
        // Metadata that is absent cannot be replaced, and a prompt without a slot is left alone.
        const fitting: Rewrite = {
          ...change,
          metadata: 'metadata' in client ? change.metadata : undefined,
          prompt: promptSlotOf(client) === undefined ? null : change.prompt,
        };
        const json = JSON.stringify(client, null, space);
        const body = read(format, json);
        expect(wholeRequest(body)).toEqual(JSON.parse(json));
        const sent = rewriteBody(body, fitting).toString();
        expect(JSON.parse(sent)).toEqual(JSON.parse(JSON.stringify(applyRewrite(JSON.parse(json), fitting))));
        expect(rewriteBody(body, noRewrite)).toBe(body.bytes);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a rewritten body keeps the spelling of everything else', () => {
  interface Spelling {
    readonly format: RequestFormat;
    readonly json: string;
    readonly rewrite: Rewrite;
    readonly expected: string;
  }

  test.each<[string, Spelling]>([
    [
      'of a chat',
      {
        format: chatFormat,
        json: `{ "seed":12345678901234567890, "messages" : [ {"role":"system","content":"old", "n":1.0} , {"content":"h\\u00e9","role":"user"}],\n"top_p":1.0,"model":"m", "metadata": {"ratchet_task":"t"} }`,
        rewrite: { prompt: 'néw', model: 'n', metadata: null },
        expected: `{ "seed":12345678901234567890, "messages" : [ {"role":"system","content":"néw", "n":1.0} , {"content":"h\\u00e9","role":"user"}],\n"top_p":1.0,"model":"n" }`,
      },
    ],
    [
      'of other messages and parts',
      {
        format: chatFormat,
        json: `{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"a\\u0041"},{"type":"text", "text" : "b", "x":1.0 } ]}, {"role":"developer","content":"c" }]}`,
        rewrite: { prompt: 'aA\nnew\n\nc', model: null, metadata: undefined },
        expected: `{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"a\\u0041"},{"type":"text", "text" : "new", "x":1.0 } ]}, {"role":"developer","content":"c" }]}`,
      },
    ],
    [
      'where pieces become one',
      {
        format: chatFormat,
        json: `{"model":"m","messages":[{"role":"system","content":"a"}, {"role":"system","content":[ {"type":"text","text":"b"} , {"type":"text","text":"c"}]},{"role":"user","content":"u"}]}`,
        rewrite: { prompt: 'a b\nc', model: null, metadata: undefined },
        expected: `{"model":"m","messages":[{"role":"system","content":"a b"}, {"role":"system","content":[ {"type":"text","text":"c"}]},{"role":"user","content":"u"}]}`,
      },
    ],
    [
      'of instructions',
      {
        format: responsesFormat,
        json: `{"input" : "h\\u00e9", "instructions": "old" ,"metadata":{"ratchet_task":"t"} , "seed":1.0, "model":"m"}`,
        rewrite: { prompt: 'néw', model: null, metadata: null },
        expected: `{"input" : "h\\u00e9", "instructions": "néw" , "seed":1.0, "model":"m"}`,
      },
    ],
    [
      'of input items',
      {
        format: responsesFormat,
        json: `{"model":"m", "input":[ {"type":"message", "role":"developer","content":[{"type":"input_text","text":"old"}]}, {"role":"user","content":"h\\u00e9"}]}`,
        rewrite: { prompt: 'new', model: 'n', metadata: undefined },
        expected: `{"model":"n", "input":[ {"type":"message", "role":"developer","content":[{"type":"input_text","text":"new"}]}, {"role":"user","content":"h\\u00e9"}]}`,
      },
    ],
    [
      'where there was no prompt',
      {
        format: responsesFormat,
        json: `{ "model":"m", "input":"hi"}`,
        rewrite: { prompt: 'new', model: null, metadata: undefined },
        expected: `{ "instructions":"new","model":"m", "input":"hi"}`,
      },
    ],
    [
      'where the metadata came first',
      {
        format: chatFormat,
        json: `{ "metadata":{"ratchet_task":"t"}, "model":"m","messages":[]}`,
        rewrite: { prompt: 'new', model: 'n', metadata: null },
        expected: `{ "model":"n","messages":[{"role":"system","content":"new"}]}`,
      },
    ],
  ])('%s', (_, { format, json, rewrite, expected }) => {
    expect(rewriteBody(read(format, json), rewrite).toString()).toBe(expected);
  });
});

describe('a body is left to upstream when it', () => {
  test.each<[string, RequestFormat, string]>([
    ['is empty', chatFormat, ''],
    ['is no object', chatFormat, '["model"]'],
    ['is cut off', chatFormat, '{"model":"m","messages":[{"role":"user"'],
    ['goes on after its end', chatFormat, '{"model":"m","messages":[]} {}'],
    ['has a field of ours twice', chatFormat, '{"model":"m","messages":[],"model":"n"}'],
    ['has no model', chatFormat, '{"messages":[]}'],
    ['has messages that are none', chatFormat, '{"model":"m","messages":[{"content":"x"}]}'],
    ['has content that is none', chatFormat, '{"model":"m","messages":[{"role":"user","content":7}]}'],
    ['has a malformed model', chatFormat, '{"model":"\\x","messages":[]}'],
    ['has no model, as a response of a stored prompt', responsesFormat, '{"input":"x"}'],
    ['has input that is none', responsesFormat, '{"model":"m","input":7}'],
    ['has an item that is none', responsesFormat, '{"model":"m","input":["x"]}'],
    ['has content that is none in an item', responsesFormat, '{"model":"m","input":[{"content":{}}]}'],
    ['has instructions that are no text', responsesFormat, '{"model":"m","instructions":[]}'],
    ['has an odd chain', responsesFormat, '{"model":"m","previous_response_id":7}'],
    ['has an odd conversation', responsesFormat, '{"model":"m","conversation":{}}'],
    ['is a chat in the wrong place', responsesFormat, '{"model":"m","messages":[]}'],
  ])('%s', (_, format, json) => {
    expect(readRequestBody(format, Buffer.from(json))).toBeUndefined();
  });

  test('is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(readRequestBody(chatFormat, bytes)).toBeUndefined();
  });

  test('is anything at all, without ever throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (json) => {
        readRequestBody(chatFormat, Buffer.from(json));
        readRequestBody(responsesFormat, Buffer.from(json));
      }),
    );
  });
});
