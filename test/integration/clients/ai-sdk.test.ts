import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  embedMany,
  generateImage,
  generateText,
  jsonSchema,
  Output,
  stepCountIs,
  streamText,
  tool,
  type LanguageModel,
} from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startOpenAiService, type OpenAiService } from '../support/openai-service/openai-service.ts';
import { startTwoWays, type TwoWays, type Way } from '../support/two-ways.ts';

const system = 'You sort support tickets. Answer with the name of the queue.';
const apiKey = 'sk-client';

type MakeModel = (way: Way, name?: string) => LanguageModel;

const models: readonly (readonly [name: string, model: MakeModel, path: string])[] = [
  [
    '@ai-sdk/openai, chat',
    (way, name = 'gpt-4o') => createOpenAI({ ...way, apiKey }).chat(name),
    '/chat/completions',
  ],
  [
    '@ai-sdk/openai, responses',
    (way, name = 'gpt-4o') => createOpenAI({ ...way, apiKey })(name),
    '/responses',
  ],
  [
    '@ai-sdk/openai-compatible',
    (way, name = 'gpt-4o') =>
      createOpenAICompatible({ name: 'ours', apiKey, ...way, supportsStructuredOutputs: true })(name),
    '/chat/completions',
  ],
];

const weather = tool({
  description: 'The weather of a city',
  inputSchema: jsonSchema<{ readonly city: string }>({
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  }),
  execute: async ({ city }) => `sunny in ${city}`,
});
const queue = Output.object({
  schema: jsonSchema<{ readonly queue: string; readonly urgent: boolean }>({
    type: 'object',
    properties: { queue: { type: 'string' }, urgent: { type: 'boolean' } },
    required: ['queue', 'urgent'],
    additionalProperties: false,
  }),
});

const upstreams = [
  ['an independent mock', startIndependentMock],
  ['our own service', startOpenAiService],
] as const;

describe.each(upstreams)('ai, before %s', (_, start) => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await start());
  });
  afterAll(async () => ways.close());

  describe.each(models)('with %s', (_name, modelOf, path) => {
    const settings = (way: Way, prompt: string): Parameters<typeof generateText>[0] => ({
      model: modelOf(way),
      system,
      prompt,
      maxRetries: 0,
    });

    test('text', async () => {
      const { result, answers } = await ways.compare(async (way) => {
        const { text, finishReason, usage, warnings, response } = await generateText(
          settings(way, 'Twice charged'),
        );
        return { text, finishReason, usage, warnings, response };
      });
      expect(result).toMatchObject({ text: expect.stringContaining('süß 🎫'), finishReason: 'stop' });
      expect(answers.map((answer) => answer.path)).toEqual([path]);
    });

    test('streamed text, part by part', async () => {
      const { result } = await ways.compare(async (way) => {
        const streamed = streamText(settings(way, 'Twice charged'));
        const deltas: unknown[] = [];
        for await (const part of streamed.fullStream) if (part.type === 'text-delta') deltas.push(part.text);
        return { deltas, text: await streamed.text, usage: await streamed.usage };
      });
      const { deltas, text } = result as { readonly deltas: readonly string[]; readonly text: string };
      expect(deltas.length).toBeGreaterThan(1);
      expect(deltas.join('')).toBe(text);
    });

    test.each(['Bern', 'Bern and Basel'])('tools are run: %s', async (cities) => {
      const { result, answers } = await ways.compare(async (way) => {
        const { text, steps } = await generateText({
          ...settings(way, `The weather in ${cities}?`),
          tools: { get_weather: weather },
          stopWhen: stepCountIs(3),
        });
        return { text, steps: steps.map(({ toolCalls, toolResults }) => ({ toolCalls, toolResults })) };
      });
      expect(answers).toHaveLength(2);
      expect(result).toMatchObject({
        text: expect.stringMatching(/sunny/i),
        steps: [{ toolResults: cities.split(' and ').map((city) => ({ output: `sunny in ${city}` })) }, {}],
      });
    });

    test('tools are run while streaming', async () => {
      const { result } = await ways.compare(async (way) => {
        const streamed = streamText({
          ...settings(way, 'The weather in Bern and Basel?'),
          tools: { get_weather: weather },
          stopWhen: stepCountIs(3),
        });
        const types: string[] = [];
        for await (const { type } of streamed.fullStream) if (types.at(-1) !== type) types.push(type);
        return { types, text: await streamed.text, steps: (await streamed.steps).length };
      });
      expect(result).toMatchObject({ text: expect.stringMatching(/sunny/i), steps: 2 });
    });

    test('structured output', async () => {
      const { result } = await ways.compare(async (way) => {
        const { output } = await generateText({ ...settings(way, 'Sort it'), output: queue });
        const streamed = streamText({ ...settings(way, 'Sort it'), output: queue });
        await streamed.consumeStream();
        return [output, await streamed.output];
      });
      expect(result).toEqual([
        { queue: 'billing', urgent: true },
        { queue: 'billing', urgent: true },
      ]);
    });

    test.each([400, 401, 404, 429, 500])('status %i is an APICallError that says so', async (status) => {
      const { result } = await ways.compare(async (way) => {
        const model = modelOf(way, ways.upstream.random.times ? 'gpt-4o' : `fails-${status}`);
        const asked = { ...settings(way, `Fail with ${status}`), model };
        const failed = await generateText(asked).catch((error: unknown) => error);
        const errors: unknown[] = [];
        const streamed = streamText({ ...asked, onError: ({ error }) => void errors.push(error) });
        await streamed.consumeStream();
        return [APICallError.isInstance(failed), failed, errors];
      });
      const error = { statusCode: status, isRetryable: status === 429 || status === 500 };
      expect(result).toMatchObject([true, error, [error]]);
    });
  });
});

describe.each(models)('ai before our own service, with %s', (_name, modelOf) => {
  let ways: TwoWays<OpenAiService>;
  beforeAll(async () => {
    ways = await startTwoWays(await startOpenAiService());
  });
  afterAll(async () => ways.close());

  test.each(['direct', 'through'] as const)('a stream that is aborted ends upstream, %s', async (which) => {
    const run = await ways.run(which, async (way) => {
      const left = ways.upstream.abandoned();
      const aborter = new AbortController();
      const streamed = streamText({
        model: modelOf(way, 'gpt-endless'),
        system,
        prompt: 'Twice charged',
        maxRetries: 0,
        abortSignal: aborter.signal,
      });
      const types = new Set<string>();
      for await (const { type } of streamed.fullStream) {
        types.add(type);
        if (type === 'text-delta') aborter.abort();
      }
      await left;
      return [...types];
    });
    expect(run.result).toEqual(expect.arrayContaining(['text-delta', 'abort']));
  });
});

describe('ai, besides language models', () => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await startOpenAiService());
  });
  afterAll(async () => ways.close());

  test('embeddings', async () => {
    const { result } = await ways.compare(async (way) => {
      const model = createOpenAI({ ...way, apiKey }).embedding('text-embedding-3-small');
      const { embeddings, usage } = await embedMany({ model, values: ['a', 'bc'], maxRetries: 0 });
      return { embeddings, usage };
    });
    expect(result).toMatchObject({
      embeddings: [
        [0.5, -0.25, 0, 0.125],
        [0.5, -0.25, 1, 0.25],
      ],
    });
  });

  test('images', async () => {
    const { result } = await ways.compare(async (way) => {
      const model = createOpenAI({ ...way, apiKey }).image('gpt-image-1');
      const { image } = await generateImage({ model, prompt: 'a cat', maxRetries: 0 });
      return image.uint8Array;
    });
    expect(result).toMatch(/^<bytes [0-9a-f]{8192}>$/);
  });
});
