import type { ChatMessage, Completion } from '../../domain/chat.ts';
import { answerToolName } from './answer-form.ts';
import type { OutputForm } from './world.ts';

const answerSchema = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

/** What an agent adds to its requests so that answers come in a form. */
export function agentOptions(form: OutputForm): Readonly<Record<string, unknown>> {
  switch (form) {
    case 'text':
      return {};
    case 'json':
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', strict: true, schema: answerSchema },
        },
      };
    case 'tool':
      return {
        tools: [{ type: 'function', function: { name: answerToolName, parameters: answerSchema } }],
        tool_choice: 'required',
      };
  }
}

/** An answer as later turns carry it, with a receipt for its tool call. */
export function assistantMessages({ text, toolCalls }: Completion, turn: number): readonly ChatMessage[] {
  if (toolCalls.length === 0) return [{ role: 'assistant', content: text }];
  const calls = toolCalls.map((call, index) => ({
    id: `call_${turn}_${index}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  return [
    { role: 'assistant', content: text === '' ? null : text, tool_calls: calls },
    ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'noted' })),
  ];
}
