import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noFacts } from '../domain/answer-facts.ts';
import { announcedResponseId, readResponsesAnswer } from './read-responses-answer.ts';

const stream = 'text/event-stream; charset=utf-8';
const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

const output = [
  { type: 'reasoning', id: 'rs_1', summary: [] },
  { type: 'web_search_call', id: 'ws_1', status: 'completed' },
  {
    type: 'message',
    id: 'msg_1',
    content: [
      { type: 'output_text', text: 'bil' },
      { type: 'output_text', text: 'ling' },
    ],
  },
  { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'one', arguments: '{}' },
  { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'two', input: 'select 1' },
];
const response = {
  id: 'resp_1',
  object: 'response',
  model: 'gpt-x',
  status: 'completed',
  output,
  usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
};
const facts = {
  id: 'resp_1',
  model: 'gpt-x',
  usage: { inputTokens: 3, outputTokens: 4 },
  completions: [
    {
      text: 'billing',
      toolCalls: [
        { name: 'one', arguments: '{}' },
        { name: 'two', arguments: 'select 1' },
      ],
      finishReason: 'tool_calls',
      refusal: null,
    },
  ],
  callIds: ['call_1', 'call_2'],
  itemIds: ['ws_1', 'msg_1', 'fc_1', 'ctc_1'],
};

describe('a response is read', () => {
  test('in one piece', () => {
    expect(readResponsesAnswer(JSON.stringify(response), 'application/json')).toEqual(facts);
  });

  test.each(['response.completed', 'response.incomplete', 'response.failed'])(
    'from the last event of a stream, whatever came before: %s',
    (type) => {
      const body = [
        ': hello\n\n',
        event('response.created', { response: { ...response, status: 'in_progress', output: [] } }),
        event('response.output_text.delta', { output_index: 0, delta: 'something else' }),
        'data: {broken\n\n',
        event(type, { response }).replaceAll('\n', '\r\n'),
        'data: [DONE]\n\n',
      ].join('');
      expect(readResponsesAnswer(body, stream)).toEqual(facts);
    },
  );

  test('as far as it came where the stream broke off', () => {
    const body = [
      event('response.created', {
        response: { ...response, status: 'in_progress', output: [], usage: null },
      }),
      ...output
        .slice(0, 3)
        .map((item, index) => event('response.output_item.done', { output_index: index, item })),
      event('response.output_text.delta', { output_index: 3, delta: ', I ' }),
      event('response.output_text.delta', { output_index: 3, delta: 'think' }),
      'event: response.output_te',
    ].join('');
    expect(readResponsesAnswer(body, stream)).toMatchObject({
      id: 'resp_1',
      model: 'gpt-x',
      usage: null,
      completions: [{ text: 'billing, I think', toolCalls: [], finishReason: null }],
      itemIds: ['ws_1', 'msg_1'],
    });
  });

  test.each([
    ['completed', null, 'tool_calls'],
    ['incomplete', { reason: 'max_output_tokens' }, 'length'],
    ['incomplete', { reason: 'content_filter' }, 'content_filter'],
    ['incomplete', null, 'length'],
    [undefined, null, 'tool_calls'],
    ['queued', null, undefined],
    ['in_progress', null, undefined],
    ['failed', null, undefined],
    ['cancelled', null, undefined],
  ])('with its status %s (%j) as the finish reason %s', (status, details, finishReason) => {
    const body = JSON.stringify({ ...response, status, incomplete_details: details });
    const { id, completions } = readResponsesAnswer(body, 'application/json');
    expect([id, completions[0]?.finishReason]).toEqual(['resp_1', finishReason]);
  });

  test('as nothing where it is something else', () => {
    for (const body of ['', 'null', '[]', '<html>'])
      expect(readResponsesAnswer(body, 'text/html')).toEqual(noFacts);
    expect(readResponsesAnswer('data: {"type":"error"}\n\n', stream)).toEqual(noFacts);
  });

  test('without ever throwing', () => {
    const odd = fc.record({
      id: fc.jsonValue(),
      status: fc.jsonValue(),
      usage: fc.jsonValue(),
      output: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ type: fc.constantFrom('message', 'function_call'), content: fc.jsonValue() })),
      ),
    });
    fc.assert(
      fc.property(
        odd,
        fc.json(),
        fc.constantFrom('response.completed', 'response.output_item.done'),
        (value, json, type) => {
          readResponsesAnswer(JSON.stringify(value), 'application/json');
          readResponsesAnswer(json, 'application/json');
          readResponsesAnswer(`data: ${json}\n\n`, stream);
          readResponsesAnswer(event(type, { response: value, item: value }), stream);
        },
      ),
    );
  });
});

describe('the id that a stream announces', () => {
  test.each([
    [event('response.created', { response: { id: 'resp_1', object: 'response' } }), 'resp_1'],
    ['data: {"type":"response.created", "response" : { "id" : "resp_1"}}\n\n', null],
    ['data: {"type":"response.created","response": {"id": "resp_2"', 'resp_2'],
    [': hello\n\n', null],
    [`${'x'.repeat(3000)}${event('response.created', { response: { id: 'resp_1' } })}`, null],
  ])('of %j is %s', (piece, id) => {
    expect(announcedResponseId(Buffer.from(piece))).toBe(id);
  });
});
