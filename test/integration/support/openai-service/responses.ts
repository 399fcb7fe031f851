import {
  callsOf,
  event,
  idOf,
  isObject,
  objectsOf,
  sampleOf,
  textOf,
  tokensOf,
  type Answer,
  type Json,
  type Question,
} from './answer.ts';

const usage = {
  input_tokens: 21,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 9,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 30,
};

/** Answers `POST /responses`: text, tools, structured output, chains, streams. */
export function answerResponse({ json, body }: Question): Answer {
  const id = idOf('resp_', body);
  const output = outputOf(json, id);
  const response = responseOf(json, id, output);
  if (json['stream'] !== true) return { body: response };
  const events = eventsOf(response, output).map((data, sequence) => ({ ...data, sequence_number: sequence }));
  const pieces = events.map((data) => event(data, data.type));
  if (String(json['model']).endsWith('-endless')) return { body: pieces.slice(0, 6), isEndless: true };
  return { body: pieces };
}

function responseOf(json: Json, id: string, output: readonly Json[]): Json {
  const { conversation } = json;
  const text = isObject(json['text']) ? json['text'] : {};
  return {
    id,
    object: 'response',
    created_at: 1_790_000_000,
    status: 'completed',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: json['instructions'] ?? null,
    max_output_tokens: json['max_output_tokens'] ?? null,
    max_tool_calls: null,
    model: json['model'],
    output,
    parallel_tool_calls: json['parallel_tool_calls'] ?? true,
    previous_response_id: json['previous_response_id'] ?? null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: json['store'] ?? true,
    temperature: json['temperature'] ?? 1,
    text: { format: { type: 'text' }, ...text },
    tool_choice: json['tool_choice'] ?? 'auto',
    tools: json['tools'] ?? [],
    top_p: json['top_p'] ?? 1,
    truncation: 'disabled',
    usage,
    user: null,
    metadata: json['metadata'] ?? {},
    ...(conversation === undefined
      ? {}
      : { conversation: isObject(conversation) ? conversation : { id: conversation } }),
  };
}

function outputOf(json: Json, id: string): readonly Json[] {
  const { input } = json;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : objectsOf(input);
  const results = items.filter(({ type }) => type === 'function_call_output');
  const tools = objectsOf(json['tools'])
    .filter(({ type }) => type === 'function')
    .map(({ name, parameters }) => ({ name: String(name), parameters }));
  const question = textOf(items.findLast(({ role }) => role === 'user')?.['content']);
  if (tools.length > 0 && results.length === 0)
    return callsOf(tools, question).map((call, index) => ({
      type: 'function_call',
      id: idOf('fc_', id, String(index)),
      call_id: idOf('call_', id, String(index)),
      status: 'completed',
      ...call,
    }));
  const said =
    results.length > 0
      ? `The tools said: ${results.map(({ output }) => textOf(output)).join(', ')}`
      : (structured(json) ?? `You said: ${question} — süß 🎫`);
  return [
    {
      type: 'message',
      id: idOf('msg_', id),
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: said, annotations: [], logprobs: [] }],
    },
  ];
}

function structured({ text }: Json): string | undefined {
  const format = isObject(text) ? text['format'] : undefined;
  if (!isObject(format) || format['type'] !== 'json_schema') return undefined;
  return JSON.stringify(sampleOf(format['schema']));
}

interface ServerEvent extends Json {
  readonly type: string;
}

function eventsOf(response: Json, output: readonly Json[]): readonly ServerEvent[] {
  const begun = { ...response, status: 'in_progress', output: [], usage: null };
  return [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...output.flatMap((item, index) => itemEvents(item, index)),
    { type: 'response.completed', response },
  ];
}

function itemEvents(item: Json, index: number): readonly ServerEvent[] {
  const place = { item_id: item['id'], output_index: index };
  const empty = item['type'] === 'message' ? { content: [] } : { arguments: '' };
  const added = {
    type: 'response.output_item.added',
    output_index: index,
    item: { ...item, ...empty, status: 'in_progress' },
  };
  const done = { type: 'response.output_item.done', output_index: index, item };
  const inner = item['type'] === 'message' ? textEvents(item, place) : argumentEvents(item, place);
  return [added, ...inner, done];
}

function textEvents(item: Json, place: Json): readonly ServerEvent[] {
  const [part] = objectsOf(item['content']);
  const at = { ...place, content_index: 0 };
  const text = String(part?.['text']);
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    ...tokensOf(text).map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part },
  ];
}

function argumentEvents({ arguments: text, name }: Json, place: Json): readonly ServerEvent[] {
  return [
    { type: 'response.function_call_arguments.delta', ...place, delta: text },
    { type: 'response.function_call_arguments.done', ...place, name, arguments: text },
  ];
}
