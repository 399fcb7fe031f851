import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startOpenAiService, type OpenAiService } from '../support/openai-service/openai-service.ts';
import { hasFailed, startTwoWays, type TwoWays, type Way } from '../support/two-ways.ts';

const instructions = 'You sort support tickets. Answer with the name of the queue.';

const weather = tool({
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
  execute: (input) => `sunny in ${(input as { readonly city: string }).city}`,
});

const agentOf = (model = 'gpt-4o'): Agent =>
  new Agent({ name: 'Sorter', instructions, model, modelSettings: { temperature: 0 } });
const weatherman = new Agent({ name: 'Weatherman', instructions, model: 'gpt-4o', tools: [weather] });

const runnerOf = (way: Way, useResponses: boolean): Runner =>
  new Runner({
    tracingDisabled: true,
    modelProvider: new OpenAIProvider({
      useResponses,
      openAIClient: new OpenAI({ ...way, apiKey: 'sk-client', maxRetries: 0 }),
    }),
  });

const upstreams = [
  ['an independent mock', startIndependentMock],
  ['our own service', startOpenAiService],
] as const;
const modes = [
  ['/chat/completions', false],
  ['/responses', true],
] as const;

describe.each(upstreams)('@openai/agents, before %s', (_, start) => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await start());
  });
  afterAll(async () => ways.close());

  describe.each(modes)('by %s', (path, useResponses) => {
    test('a run', async () => {
      const { result } = await ways.compare(async (way) => {
        const { finalOutput, rawResponses } = await runnerOf(way, useResponses).run(
          agentOf(),
          'Twice charged',
        );
        return { finalOutput, rawResponses };
      });
      expect(result).toMatchObject({ finalOutput: expect.stringContaining('süß 🎫') });
    });

    test.each(['Bern', 'Bern and Basel'])('a run with a tool: %s', async (cities) => {
      const { result, answers } = await ways.compare(async (way) => {
        const { finalOutput, newItems, history } = await runnerOf(way, useResponses).run(
          weatherman,
          `The weather in ${cities}?`,
        );
        return { finalOutput, items: newItems.map(({ type }) => type), history };
      });
      const count = cities.split(' and ').length;
      expect(result).toMatchObject({
        finalOutput: expect.stringMatching(/sunny/i),
        items: [
          ...Array.from({ length: count }, () => 'tool_call_item'),
          ...Array.from({ length: count }, () => 'tool_call_output_item'),
          'message_output_item',
        ],
      });
      expect(answers.map((answer) => answer.path)).toEqual([path, path]);
    });

    test('a streamed run with tools', async () => {
      const { result } = await ways.compare(async (way) => {
        const streamed = await runnerOf(way, useResponses).run(weatherman, 'The weather in Bern and Basel?', {
          stream: true,
        });
        const types: string[] = [];
        const deltas: string[] = [];
        for await (const event of streamed) {
          types.push(event.type === 'run_item_stream_event' ? event.name : event.type);
          if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta')
            deltas.push(event.data.delta);
        }
        await streamed.completed;
        return { types, deltas, finalOutput: streamed.finalOutput };
      });
      const { deltas, finalOutput } = result as {
        readonly deltas: readonly string[];
        readonly finalOutput: string;
      };
      expect(finalOutput).toMatch(/sunny/i);
      expect(deltas.join('')).toBe(finalOutput);
    });

    test('structured output', async () => {
      const { result } = await ways.compare(async (way) => {
        const agent = new Agent({
          name: 'Sorter',
          instructions,
          model: 'gpt-4o',
          outputType: {
            type: 'json_schema',
            name: 'queue',
            strict: true,
            schema: {
              type: 'object',
              properties: { queue: { type: 'string' }, urgent: { type: 'boolean' } },
              required: ['queue', 'urgent'],
              additionalProperties: false,
            },
          },
        });
        return (await runnerOf(way, useResponses).run(agent, 'Sort it')).finalOutput;
      });
      expect(result).toEqual({ queue: 'billing', urgent: true });
    });

    test.each([400, 401, 404, 429, 500])('status %i is an error that says so', async (status) => {
      const model = ways.upstream.random.times ? 'gpt-4o' : `fails-${status}`;
      const run = await ways.compare(async (way) => {
        const failed: unknown = await runnerOf(way, useResponses)
          .run(agentOf(model), `Fail with ${status}`)
          .catch((error: unknown) => error);
        if (!(failed instanceof OpenAI.APIError)) return failed;
        throw failed;
      });
      expect(hasFailed(run)).toBe(true);
      expect(run.result).toMatchObject({ failed: { status } });
    });
  });
});

describe('@openai/agents before our own service', () => {
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
  ] as const)('a run that is aborted ends upstream, %s', async (_name, useResponses, which) => {
    const run = await ways.run(which, async (way) => {
      const left = ways.upstream.abandoned();
      const aborter = new AbortController();
      const streamed = await runnerOf(way, useResponses).run(agentOf('gpt-endless'), 'Twice charged', {
        stream: true,
        signal: aborter.signal,
      });
      const deltas: string[] = [];
      for await (const event of streamed)
        if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta') {
          deltas.push(event.data.delta);
          aborter.abort();
        }
      await left;
      return deltas.length > 0;
    });
    expect(run.result).toBe(true);
  });
});
