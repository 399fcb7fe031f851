import { AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startOpenAiService, type OpenAiService } from '../support/openai-service/openai-service.ts';
import { hasFailed, startTwoWays, type TwoWays, type Way } from '../support/two-ways.ts';

const apiKey = 'sk-client';
const system = new SystemMessage('You sort support tickets. Answer with the name of the queue.');
const asked = (question: string): (SystemMessage | HumanMessage)[] => [system, new HumanMessage(question)];

const modelOf = (way: Way, model = 'gpt-4o', useResponsesApi = false): ChatOpenAI =>
  new ChatOpenAI({
    model,
    apiKey,
    maxRetries: 0,
    useResponsesApi,
    configuration: { baseURL: way.baseURL, fetch: way.fetch },
  });

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const queueSchema = {
  title: 'queue',
  type: 'object',
  properties: { queue: { type: 'string' }, urgent: { type: 'boolean' } },
  required: ['queue', 'urgent'],
  additionalProperties: false,
} as const;

const upstreams = [
  ['an independent mock', startIndependentMock],
  ['our own service', startOpenAiService],
] as const;
const modes = [
  ['/chat/completions', false],
  ['/responses', true],
] as const;

describe.each(upstreams)('@langchain/openai, before %s', (_, start) => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await start());
  });
  afterAll(async () => ways.close());

  describe.each(modes)('by %s', (path, isByResponses) => {
    test('invoke', async () => {
      const { result, answers } = await ways.compare(async (way) => {
        const { content, usage_metadata, response_metadata, id } = await modelOf(
          way,
          'gpt-4o',
          isByResponses,
        ).invoke(asked('Twice charged'));
        return { content, usage_metadata, response_metadata, id };
      });
      expect(JSON.stringify(result)).toContain('süß 🎫');
      expect(answers.map((answer) => answer.path)).toEqual([path]);
    });

    test('stream', async () => {
      const { result } = await ways.compare(async (way) => {
        const chunks: unknown[] = [];
        let whole: AIMessageChunk | undefined;
        for await (const chunk of await modelOf(way, 'gpt-4o', isByResponses).stream(
          asked('Twice charged'),
        )) {
          chunks.push(chunk.content);
          whole = whole === undefined ? chunk : whole.concat(chunk);
        }
        return { chunks, text: whole?.text, usage: whole?.usage_metadata };
      });
      expect(result).toMatchObject({
        text: expect.stringContaining('süß 🎫'),
        usage: { total_tokens: expect.any(Number) },
      });
    });

    test.each(['Bern', 'Bern and Basel'])('bound tools, streamed and not: %s', async (cities) => {
      const { result } = await ways.compare(async (way) => {
        const model = modelOf(way, 'gpt-4o', isByResponses).bindTools([weather]);
        const messages = asked(`The weather in ${cities}?`);
        const first = await model.invoke(messages);
        const results = (first.tool_calls ?? []).map(
          ({ id = '', args }) => new ToolMessage({ tool_call_id: id, content: `sunny in ${args['city']}` }),
        );
        const { text } = await model.invoke([...messages, first, ...results]);
        let streamed: AIMessageChunk | undefined;
        for await (const chunk of await model.stream(messages))
          streamed = streamed === undefined ? chunk : streamed.concat(chunk);
        return { calls: first.tool_calls, streamed: streamed?.tool_calls, text };
      });
      const calls = cities.split(' and ').map((city) => ({ name: 'get_weather', args: { city } }));
      expect(result).toMatchObject({ calls, streamed: calls, text: expect.stringMatching(/sunny/i) });
    });

    test('structured output', async () => {
      const { result } = await ways.compare(async (way) =>
        modelOf(way, 'gpt-4o', isByResponses)
          .withStructuredOutput(queueSchema, { name: 'queue', method: 'jsonSchema', strict: true })
          .invoke(asked('Sort it')),
      );
      expect(result).toEqual({ queue: 'billing', urgent: true });
    });

    test.each([400, 401, 404, 429, 500])('status %i is an error that says so', async (status) => {
      const model = ways.upstream.random.times ? 'gpt-4o' : `fails-${status}`;
      const run = await ways.compare(async (way) =>
        modelOf(way, model, isByResponses).invoke(asked(`Fail with ${status}`)),
      );
      expect(hasFailed(run)).toBe(true);
      expect(run.result).toMatchObject({ failed: { status } });
    });
  });
});

describe('@langchain/openai before our own service', () => {
  let ways: TwoWays<OpenAiService>;
  beforeAll(async () => {
    ways = await startTwoWays(await startOpenAiService());
  });
  afterAll(async () => ways.close());

  test.each([
    ['chat, direct', false, 'direct'],
    ['chat, through', false, 'through'],
    ['responses, direct', true, 'direct'],
    ['responses, through', true, 'through'],
  ] as const)('a stream that is aborted ends upstream, %s', async (_name, isByResponses, which) => {
    const run = await ways.run(which, async (way) => {
      const left = ways.upstream.abandoned();
      const aborter = new AbortController();
      const streamed = await modelOf(way, 'gpt-endless', isByResponses).stream(asked('Twice charged'), {
        signal: aborter.signal,
      });
      const read = (async () => {
        for await (const chunk of streamed) if (chunk.text !== '') aborter.abort();
      })();
      const ended = await read.then(
        () => 'ended',
        () => 'aborted',
      );
      await left;
      return ended;
    });
    expect(run.result).toBe('aborted');
  });

  test('embeddings', async () => {
    const { result } = await ways.compare(async (way) =>
      new OpenAIEmbeddings({
        model: 'text-embedding-3-small',
        apiKey,
        maxRetries: 0,
        configuration: { baseURL: way.baseURL, fetch: way.fetch },
      }).embedDocuments(['a', 'bc']),
    );
    expect(result).toEqual([
      [0.5, -0.25, 0, 0.125],
      [0.5, -0.25, 1, 0.25],
    ]);
  });
});
