import { describe, expect, test } from 'vitest';
import type { ChatMessage } from './chat.ts';
import { chatOf, type ResponsesRequest } from './responses.ts';

describe('a responses request is read as the chat', () => {
  test.each<[string, Omit<ResponsesRequest, 'model'>, readonly ChatMessage[]]>([
    ['of nothing', {}, []],
    [
      'of instructions and a user\u2019s text',
      { instructions: 'p', input: 'hi' },
      [
        { role: 'system', content: 'p' },
        { role: 'user', content: 'hi' },
      ],
    ],
    [
      'of messages with parts',
      {
        input: [
          { role: 'developer', content: [{ type: 'input_text', text: 'p' }] },
          { type: 'message', role: 'user', content: [{ type: 'input_image', image_url: 'u' }] },
        ],
      },
      [
        { role: 'developer', content: [{ type: 'text', text: 'p' }] },
        { role: 'user', content: [{ type: 'input_image', image_url: 'u' }] },
      ],
    ],
    [
      'of tool calls and their outputs, an answer being one message',
      {
        input: [
          { role: 'user', content: 'hi' },
          { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'secret' },
          {
            type: 'message',
            id: 'msg_1',
            role: 'assistant',
            content: [
              { type: 'output_text', text: 'one ' },
              { type: 'output_text', text: 'moment' },
            ],
          },
          { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
          { type: 'custom_tool_call', call_id: 'c2', name: 'g', input: 'x' },
          { type: 'function_call_output', call_id: 'c1', output: 'done' },
          {
            type: 'custom_tool_call_output',
            call_id: 'c2',
            output: [{ type: 'input_text', text: 'too' }],
          },
          { role: 'assistant', content: 'all right' },
        ],
      },
      [
        { role: 'user', content: 'hi' },
        {
          role: 'assistant',
          content: 'one moment',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
            { id: 'c2', type: 'function', function: { name: 'g', arguments: 'x' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
        { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'too' }] },
        { role: 'assistant', content: 'all right' },
      ],
    ],
    [
      'of references and strange items',
      {
        input: [
          { type: 'item_reference', id: 'msg_1' },
          { id: 'msg_2' },
          { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
          { type: 'computer_call', action: { type: 'click' } },
        ],
      },
      [
        { role: 'assistant', content: null, item_reference: 'msg_1' },
        { role: 'assistant', content: null, item_reference: 'msg_2' },
        { role: 'assistant', content: '' },
        {
          role: 'computer_call',
          content: null,
          item: { type: 'computer_call', action: { type: 'click' } },
        },
      ],
    ],
  ])('%s', (_, request, messages) => {
    expect(chatOf({ model: 'm', ...request })).toEqual(messages);
  });
});
