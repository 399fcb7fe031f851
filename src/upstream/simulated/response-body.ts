import type { Completion, Usage } from '../../domain/chat.ts';
import type { ResponseItem, ResponsesRequest } from '../../domain/responses.ts';

/** One response as it goes over the wire. */
export interface WireResponse {
  readonly id: string;
  /** Seconds since the Unix epoch. */
  readonly created: number;
  readonly request: ResponsesRequest;
  readonly output: readonly ResponseItem[];
  readonly usage: Usage;
}

/** An event of a streamed response. */
export interface ResponseEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The items that a completion is made of; their ids follow from the response's. */
export function outputItems(id: string, { text, toolCalls }: Completion): readonly ResponseItem[] {
  const name = id.replace('resp_', '');
  const message: ResponseItem = {
    type: 'message',
    id: `msg_${name}`,
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  };
  const calls = toolCalls.map((call, index) => ({
    type: 'function_call',
    id: `fc_${name}_${index}`,
    call_id: `call_${name}_${index}`,
    status: 'completed',
    name: call.name,
    arguments: call.arguments,
  }));
  return text === '' && calls.length > 0 ? calls : [message, ...calls];
}

/** The body of a `response` that has ended. */
export function responseBody(wire: WireResponse): Readonly<Record<string, unknown>> {
  const { usage } = wire;
  return {
    ...begun(wire),
    status: 'completed',
    output: wire.output,
    usage: {
      input_tokens: usage.inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
  };
}

/** The events of a stream: the response begins, each item grows word by word, the response is there. */
export function responseEvents(wire: WireResponse): readonly ResponseEvent[] {
  const events: readonly ResponseEvent[] = [
    { type: 'response.created', response: begun(wire) },
    { type: 'response.in_progress', response: begun(wire) },
    ...wire.output.flatMap(itemEvents),
    { type: 'response.completed', response: responseBody(wire) },
  ];
  return events.map((event, number) => ({ ...event, sequence_number: number }));
}

function begun({ id, created, request }: WireResponse): Readonly<Record<string, unknown>> {
  const given = (field: string, otherwise: unknown): unknown => request[field] ?? otherwise;
  return {
    id,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: given('max_output_tokens', null),
    model: request.model,
    output: [],
    parallel_tool_calls: given('parallel_tool_calls', true),
    previous_response_id: given('previous_response_id', null),
    reasoning: { effort: null, summary: null },
    store: given('store', true),
    temperature: given('temperature', 1),
    text: given('text', { format: { type: 'text' } }),
    tool_choice: given('tool_choice', 'auto'),
    tools: given('tools', []),
    top_p: given('top_p', 1),
    truncation: given('truncation', 'disabled'),
    usage: null,
    user: given('user', null),
    metadata: given('metadata', {}),
  };
}

function itemEvents(item: ResponseItem, outputIndex: number): readonly ResponseEvent[] {
  const place = { item_id: item['id'], output_index: outputIndex };
  const done: ResponseEvent = { type: 'response.output_item.done', output_index: outputIndex, item };
  const added = (empty: object): ResponseEvent => ({
    type: 'response.output_item.added',
    output_index: outputIndex,
    item: { ...item, status: 'in_progress', ...empty },
  });
  if (item.type === 'function_call')
    return [
      added({ arguments: '' }),
      { type: 'response.function_call_arguments.delta', ...place, delta: item['arguments'] },
      {
        type: 'response.function_call_arguments.done',
        ...place,
        name: item['name'],
        arguments: item['arguments'],
      },
      done,
    ];
  const [part] = typeof item.content === 'string' ? [] : (item.content ?? []);
  const text = part?.text ?? '';
  const inPart = { ...place, content_index: 0 };
  return [
    added({ content: [] }),
    { type: 'response.content_part.added', ...inPart, part: { ...part, text: '' } },
    ...(text.match(/\s*\S+\s*/g) ?? []).map((delta) => ({
      type: 'response.output_text.delta',
      ...inPart,
      delta,
      logprobs: [],
    })),
    { type: 'response.output_text.done', ...inPart, text, logprobs: [] },
    { type: 'response.content_part.done', ...inPart, part },
    done,
  ];
}
