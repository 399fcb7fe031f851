import { expect, test } from 'vitest';
import { messageAttributes } from './message-content.ts';

const text = (content: string): object => ({ type: 'text', content });

test.each<[string, string, readonly object[]]>([
  ['plain text is the user speaking', 'hello', [{ role: 'user', parts: [text('hello')] }]],
  [
    'a list of chat messages keeps its roles',
    JSON.stringify([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'hello' },
    ]),
    [
      { role: 'system', parts: [text('be brief')] },
      { role: 'user', parts: [text('hello')] },
    ],
  ],
  [
    'what is not text stays JSON',
    JSON.stringify([{ role: 'assistant', tool_calls: [{ id: 't' }] }, 'odd', 7]),
    [
      { role: 'assistant', parts: [text('[{"id":"t"}]')] },
      { role: 'user', parts: [text('odd')] },
      { role: 'user', parts: [text('7')] },
    ],
  ],
  ['JSON that is no list is text', '{"a":1}', [{ role: 'user', parts: [text('{"a":1}')] }]],
])('%s', (_, input, messages) => {
  const attributes = messageAttributes({ input, output: 'hi' }, 'stop');
  expect(JSON.parse(String(attributes['gen_ai.input.messages']))).toEqual(messages);
  expect(JSON.parse(String(attributes['gen_ai.output.messages']))).toEqual([
    { role: 'assistant', parts: [text('hi')], finish_reason: 'stop' },
  ]);
});
