import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startOpenAiService, type OpenAiService } from '../support/openai-service/openai-service.ts';
import { hasFailed, startTwoWays, type TwoWays, type Way } from '../support/two-ways.ts';

const system = 'You sort support tickets. Answer with the name of the queue.';
const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const tool: OpenAI.ChatCompletionTool = { type: 'function', function: weather };
const queueFormat = {
  type: 'json_schema',
  json_schema: {
    name: 'queue',
    strict: true,
    schema: {
      type: 'object',
      properties: { queue: { type: 'string', enum: ['billing', 'bugs'] }, urgent: { type: 'boolean' } },
      required: ['queue', 'urgent'],
      additionalProperties: false,
    },
  },
} as const;
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What is common to all ways of asking. */
type ChatParams = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>;

/** A question behind the prompt, as nearly every agent sends it. */
const ask = (question: string, more: Partial<ChatParams> = {}): ChatParams => ({
  model: 'gpt-4o',
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: question },
  ],
  ...more,
});

const clientOf = (way: Way): OpenAI => new OpenAI({ ...way, apiKey: 'sk-client', maxRetries: 0 });

const create =
  (params: ChatParams) =>
  async (way: Way): Promise<unknown> => {
    const { data, request_id } = await clientOf(way).chat.completions.create(params).withResponse();
    return { data, hasRequestId: request_id !== null };
  };

/** Every chunk, and the whole that the client puts together from them. */
const stream =
  (params: ChatParams) =>
  async (way: Way): Promise<unknown> => {
    const chunks: unknown[] = [];
    const streamed = clientOf(way).chat.completions.stream({ ...params, stream: true });
    for await (const chunk of streamed) chunks.push(structuredClone(chunk));
    return { chunks, final: await streamed.finalChatCompletion(), usage: await streamed.totalUsage() };
  };

const answered = { role: 'user', content: 'The weather in Bern and Basel?' } as const;
const conversation: ChatParams['messages'] = [
  { role: 'developer', content: 'Be brief.' },
  answered,
  {
    role: 'assistant',
    content: null,
    tool_calls: ['Bern', 'Basel'].map((city) => ({
      id: `call_${city}`,
      type: 'function' as const,
      function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
    })),
  },
  { role: 'tool', tool_call_id: 'call_Bern', content: 'sunny' },
  { role: 'tool', tool_call_id: 'call_Basel', content: [{ type: 'text', text: 'rain' }] },
];

const cases: readonly (readonly [name: string, params: ChatParams])[] = [
  ['one question', ask('Twice charged')],
  ['a tool call', ask('Weather in Bern?', { tools: [tool], tool_choice: 'auto' })],
  ['parallel tool calls', ask('Bern and Basel?', { tools: [tool], parallel_tool_calls: true })],
  ['results of tools', ask('', { messages: conversation, tools: [tool] })],
  ['structured output', ask('Sort it', { response_format: queueFormat })],
  ['JSON mode', ask('Sort it', { response_format: { type: 'json_object' } })],
  ['two choices', ask('Twice charged', { n: 2, seed: 7, temperature: 0.3, stop: ['\n'] })],
  ['log probabilities', ask('Twice charged', { logprobs: true, top_logprobs: 1 })],
  ['metadata, stored', ask('Twice charged', { store: true, metadata: { team: 'a' }, user: 'u-1' })],
  [
    'images beside the text',
    ask('', {
      messages: [
        { role: 'system', content: [{ type: 'text', text: system }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: pixel, detail: 'low' } },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          ],
        },
      ],
    }),
  ],
  [
    'several leading messages',
    ask('', {
      messages: [
        { role: 'system', content: system },
        { role: 'developer', content: 'Answer in English.' },
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }], name: 'style' },
        { role: 'user', content: 'Twice charged' },
      ],
    }),
  ],
  [
    'a long conversation',
    ask('', {
      messages: [
        { role: 'system', content: system },
        ...Array.from({ length: 60 }, (_, turn) => ({
          role: turn % 2 === 0 ? ('user' as const) : ('assistant' as const),
          content: `Turn ${turn} \u2028 \u{1F3AB} "quoted" \\ and more`,
        })),
        { role: 'user', content: 'And now?' },
      ],
    }),
  ],
];

const upstreams = [
  ['an independent mock', startIndependentMock],
  ['our own service', startOpenAiService],
] as const;

describe.each(upstreams)('chat completions of the openai client, before %s', (_, start) => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await start());
  });
  afterAll(async () => ways.close());

  test.each(cases)('%s', async (_name, params) => {
    const { result } = await ways.compare(create(params));
    expect(result).toMatchObject({ data: { object: 'chat.completion' }, hasRequestId: true });
  });

  test.each(cases)('%s, streamed', async (_name, params) => {
    const { result } = await ways.compare(stream(params));
    expect(result).toMatchObject({ final: { object: 'chat.completion', choices: expect.any(Array) } });
  });

  test('usage at the end of a stream, where it is asked for', async () => {
    const params = ask('Twice charged', { stream_options: { include_usage: true } });
    const { result } = await ways.compare(stream(params));
    expect(result).toMatchObject({ usage: { total_tokens: expect.any(Number) } });
    const chunks = (result as { chunks: { choices: unknown[]; usage?: unknown }[] }).chunks;
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
  });

  test('structured output is parsed by the client', async () => {
    const { result } = await ways.compare(async (way) => {
      const parsed = await clientOf(way).chat.completions.parse(
        ask('Sort it', { response_format: queueFormat }),
      );
      return parsed.choices[0]?.message.parsed;
    });
    expect(result).toEqual({ queue: 'billing', urgent: true });
  });

  test('tools are run by the client until the model is done', async () => {
    const { result, answers } = await ways.compare(async (way) => {
      const runner = clientOf(way).chat.completions.runTools({
        ...ask('Weather in Bern and Basel?'),
        tools: [
          {
            type: 'function',
            function: {
              ...weather,
              parse: JSON.parse,
              function: ({ city }: { readonly city: string }) => `sunny in ${city}`,
            },
          },
        ],
      });
      return { said: await runner.finalContent(), messages: runner.messages };
    });
    expect(answers).toHaveLength(2);
    expect(result).toMatchObject({ said: expect.stringMatching(/sunny/i) });
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
      expect(run.result).toMatchObject({ failed: { class: type, status, error: expect.anything() } });
    }
  });
});

describe('the openai client before our own service', () => {
  let ways: TwoWays<OpenAiService>;
  beforeAll(async () => {
    ways = await startTwoWays(await startOpenAiService());
  });
  afterAll(async () => ways.close());

  test('an error says how long to wait and what the limits are', async () => {
    const { result } = await ways.compare(async (way) =>
      clientOf(way)
        .chat.completions.create(ask('', { model: 'fails-429' }))
        .catch((error: InstanceType<typeof OpenAI.RateLimitError>) => ({
          message: error.message,
          status: error.status,
          code: error.code,
          type: error.type,
          requestID: error.requestID,
          retryAfter: error.headers.get('retry-after'),
          remaining: error.headers.get('x-ratelimit-remaining-requests'),
          organization: error.headers.get('openai-organization'),
        })),
    );
    expect(result).toMatchObject({
      message: '429 It is 429.',
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'requests',
      requestID: expect.stringMatching(/^req_/),
      retryAfter: '1',
      remaining: '499',
      organization: 'org-1',
    });
  });

  test.each([409, 429, 500])('the client\u2019s own second attempt after %i gets through', async (status) => {
    const { answers, result } = await ways.compare(async (way) => {
      const client = new OpenAI({ ...way, apiKey: 'sk-client' });
      return client.chat.completions.create(ask('Twice charged', { model: `fails-${status}-once` }));
    });
    expect(answers.map((answer) => answer.status)).toEqual([status, 200]);
    expect(result).toMatchObject({ object: 'chat.completion' });
  });

  test.each(['direct', 'through'] as const)(
    'a stream that the client leaves ends upstream, %s',
    async (which) => {
      const run = await ways.run(which, async (way) => {
        const left = ways.upstream.abandoned();
        const streamed = await clientOf(way).chat.completions.create({
          ...ask('Twice charged', { model: 'gpt-endless' }),
          stream: true,
        });
        const chunks: unknown[] = [];
        for await (const chunk of streamed) {
          chunks.push(chunk);
          if (chunks.length === 3) streamed.controller.abort();
        }
        await left;
        return chunks;
      });
      expect(run.result).toHaveLength(3);
    },
  );
});
