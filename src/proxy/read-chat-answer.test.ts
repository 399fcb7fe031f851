import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noFacts } from '../domain/answer-facts.ts';
import { readChatAnswer } from './read-chat-answer.ts';

const stream = 'text/event-stream; charset=utf-8';
const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish: string | null = null): object => ({
  id: 'chatcmpl-1',
  model: 'gpt-x',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

describe('a response is read', () => {
  test('in one piece', () => {
    const body = JSON.stringify({
      id: 'chatcmpl-1',
      model: 'gpt-x',
      choices: [
        { index: 1, message: { content: 'other' } },
        {
          index: 0,
          message: {
            content: 'billing',
            tool_calls: [
              { id: 'a', function: { name: 'one', arguments: '{}' } },
              { id: 'b', function: { name: 'two', arguments: '{"x":1}' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    });
    expect(readChatAnswer(body, 'application/json')).toEqual({
      id: 'chatcmpl-1',
      model: 'gpt-x',
      usage: { inputTokens: 3, outputTokens: 4 },
      completions: [
        {
          text: 'billing',
          toolCalls: [
            { name: 'one', arguments: '{}' },
            { name: 'two', arguments: '{"x":1}' },
          ],
          finishReason: 'tool_calls',
          refusal: null,
        },
        { text: 'other', toolCalls: [], finishReason: null, refusal: null },
      ],
      callIds: ['a', 'b'],
      itemIds: [],
    });
  });

  test('from a stream, whatever line ends, comments and gaps it has', () => {
    const body = [
      ': keep-alive\n\n',
      event(chunk({ role: 'assistant', content: '' })).replaceAll('\n', '\r\n'),
      event(chunk({ content: 'bil' })),
      event(chunk({ content: 'ling' })),
      'data: {broken\n\n',
      event({ ...chunk({}), choices: [{ index: 1, delta: { content: 'other' } }] }),
      event(chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'one', arguments: '' } }] })),
      event(chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'two', arguments: '[1' } }] })),
      event(chunk({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] })),
      event(chunk({ tool_calls: [{ index: 1, function: { arguments: ']' } }] })),
      event(chunk({ refusal: 'I ca' })),
      event(chunk({ refusal: 'nnot' })),
      event(chunk({}, 'stop')),
      event({ id: 'chatcmpl-1', choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
      'data: [DONE]\n\n',
    ].join('');
    expect(readChatAnswer(body, stream)).toEqual({
      id: 'chatcmpl-1',
      model: 'gpt-x',
      usage: { inputTokens: 3, outputTokens: 4 },
      completions: [
        {
          text: 'billing',
          toolCalls: [
            { name: 'one', arguments: '{}' },
            { name: 'two', arguments: '[1]' },
          ],
          finishReason: 'stop',
          refusal: 'I cannot',
        },
        { text: 'other', toolCalls: [], finishReason: null, refusal: null },
      ],
      callIds: ['a', 'b'],
      itemIds: [],
    });
  });

  test.each([
    [
      'a custom tool',
      { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'sql', input: 'select 1' } }] },
      ['c'],
    ],
    ['a function of old', { function_call: { name: 'sql', arguments: 'select 1' } }, []],
  ])('with the call of %s, whole or streamed', (_, said, callIds) => {
    const call = { name: 'sql', arguments: 'select 1' };
    const whole = JSON.stringify({ choices: [{ index: 0, message: { content: null, ...said } }] });
    for (const facts of [
      readChatAnswer(whole, 'application/json'),
      readChatAnswer(event(chunk(said)), stream),
    ])
      expect(facts).toMatchObject({ completions: [{ toolCalls: [call] }], callIds });
  });

  test('as the same text however the stream was cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (pieces) => {
        const body = pieces.map((content) => event(chunk({ content }))).join('');
        expect(readChatAnswer(body, stream).completions[0]?.text ?? '').toBe(pieces.join(''));
      }),
    );
  });

  test('as nothing where it is something else', () => {
    for (const body of ['', 'null', '[]', '{"choices":7}', '{"choices":[7]}', '<html>'])
      expect(readChatAnswer(body, 'text/html')).toEqual(noFacts);
  });

  test('without ever throwing', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.record({ choices: fc.array(fc.record({ message: fc.jsonValue(), delta: fc.jsonValue() })) }),
        (json, odd) => {
          readChatAnswer(json, 'application/json');
          readChatAnswer(`data: ${JSON.stringify(odd)}\n\n`, stream);
        },
      ),
    );
  });
});
