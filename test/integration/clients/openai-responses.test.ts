import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startOpenAiService, type OpenAiService } from '../support/openai-service/openai-service.ts';
import { hasFailed, startTwoWays, type TwoWays, type Way } from '../support/two-ways.ts';

const instructions = 'You sort support tickets. Answer with the name of the queue.';
const tool: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
};
const queueFormat = {
  type: 'json_schema',
  name: 'queue',
  strict: true,
  schema: {
    type: 'object',
    properties: { queue: { type: 'string', enum: ['billing', 'bugs'] }, urgent: { type: 'boolean' } },
    required: ['queue', 'urgent'],
    additionalProperties: false,
  },
} as const;

type ResponseParams = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>;

const ask = (input: ResponseParams['input'], more: ResponseParams = {}): ResponseParams => ({
  model: 'gpt-4o',
  instructions,
  ...(input === undefined ? {} : { input }),
  ...more,
});

const clientOf = (way: Way): OpenAI => new OpenAI({ ...way, apiKey: 'sk-client', maxRetries: 0 });

const create =
  (params: ResponseParams) =>
  async (way: Way): Promise<unknown> => {
    const { output_text, ...response } = await clientOf(way).responses.create(params);
    return { output_text, response };
  };

const stream =
  (params: ResponseParams) =>
  async (way: Way): Promise<unknown> => {
    const events: unknown[] = [];
    const streamed = clientOf(way).responses.stream(params);
    for await (const event of streamed) events.push(structuredClone(event));
    return { events, response: await streamed.finalResponse() };
  };

const cases: readonly (readonly [name: string, params: ResponseParams])[] = [
  ['instructions and one question', ask('Twice charged')],
  ['a tool call', ask('Weather in Bern?', { tools: [tool], tool_choice: 'auto' })],
  ['parallel tool calls', ask('Bern and Basel?', { tools: [tool], parallel_tool_calls: true })],
  [
    'results of tools',
    ask(
      [
        { role: 'user', content: 'Bern?' },
        { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Bern"}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
      ],
      { tools: [tool] },
    ),
  ],
  ['structured output', ask('Sort it', { text: { format: queueFormat, verbosity: 'low' } })],
  ['a chain', ask('And this one?', { previous_response_id: 'resp_0123456789abcdef', store: true })],
  ['a conversation by id', ask('And this one?', { conversation: 'conv_0123456789abcdef' })],
  ['a conversation by object', ask('And this one?', { conversation: { id: 'conv_0123456789abcdef' } })],
  ['metadata', ask('Twice charged', { metadata: { team: 'a' }, temperature: 0.2, max_output_tokens: 50 })],
  [
    'the prompt as input items',
    {
      model: 'gpt-4o',
      input: [
        { role: 'system', content: instructions },
        { role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
        { role: 'user', content: 'Twice charged' },
      ],
    },
  ],
  [
    'images beside the text',
    ask([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
        ],
      },
    ]),
  ],
];

const upstreams = [
  ['an independent mock', startIndependentMock],
  ['our own service', startOpenAiService],
] as const;

describe.each(upstreams)('responses of the openai client, before %s', (_, start) => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await start());
  });
  afterAll(async () => ways.close());

  test.each(cases)('%s', async (_name, params) => {
    const { result } = await ways.compare(create(params));
    expect(result).toMatchObject({ response: { object: 'response', status: 'completed' } });
  });

  test.each(cases)('%s, streamed', async (_name, params) => {
    const { result } = await ways.compare(stream(params));
    expect(result).toMatchObject({ response: { object: 'response', status: 'completed' } });
  });

  test('structured output is parsed by the client', async () => {
    const { result } = await ways.compare(async (way) => {
      const parsed = await clientOf(way).responses.parse(ask('Sort it', { text: { format: queueFormat } }));
      return parsed.output_parsed;
    });
    expect(result).toEqual({ queue: 'billing', urgent: true });
  });

  test.each([
    [400, 'BadRequestError'],
    [401, 'AuthenticationError'],
    [404, 'NotFoundError'],
    [429, 'RateLimitError'],
    [500, 'InternalServerError'],
  ])('status %i is the typed error %s', async (status, type) => {
    const model = ways.upstream.random.times ? 'gpt-4o' : `fails-${status}`;
    for (const program of [create, stream]) {
      const run = await ways.compare(program(ask(`Fail with ${status}`, { model })));
      expect(hasFailed(run)).toBe(true);
      expect(run.result).toMatchObject({ failed: { class: type, status } });
    }
  });
});

describe('responses of the openai client before our own service', () => {
  let ways: TwoWays<OpenAiService>;
  beforeAll(async () => {
    ways = await startTwoWays(await startOpenAiService());
  });
  afterAll(async () => ways.close());

  test('a response continues the one that it names', async () => {
    const { result, answers } = await ways.compare(async (way) => {
      const { responses } = clientOf(way);
      const first = await responses.create(
        ask('Twice charged') as OpenAI.Responses.ResponseCreateParamsNonStreaming,
      );
      const second = await responses.create({
        model: 'gpt-4o',
        input: 'Sure?',
        previous_response_id: first.id,
      });
      return [first.id, second.previous_response_id, second.output_text];
    });
    const [id, previous, text] = result as readonly string[];
    expect(previous).toBe(id);
    expect(text).toContain('Sure?');
    expect(answers).toHaveLength(2);
  });

  test('responses and turns of a conversation that the service keeps', async () => {
    const { result } = await ways.compare(async (way) => {
      const client = clientOf(way);
      const { id } = await client.conversations.create({ metadata: { topic: 'demo' } });
      const found = await client.conversations.retrieve(id);
      const answered = await client.responses.create({ model: 'gpt-4o', input: 'Hello', conversation: id });
      return [id === found.id, id === answered.conversation?.id];
    });
    expect(result).toEqual([true, true]);
  });

  test.each(['direct', 'through'] as const)(
    'a stream that the client leaves ends upstream, %s',
    async (which) => {
      const run = await ways.run(which, async (way) => {
        const left = ways.upstream.abandoned();
        const streamed = await clientOf(way).responses.create({
          model: 'gpt-endless',
          instructions,
          input: 'Twice charged',
          stream: true,
        });
        const types: string[] = [];
        for await (const { type } of streamed) {
          types.push(type);
          if (types.length === 6) streamed.controller.abort();
        }
        await left;
        return types;
      });
      expect(run.result).toEqual([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.delta',
      ]);
    },
  );
});
