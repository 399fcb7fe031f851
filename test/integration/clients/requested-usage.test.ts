import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { streamText } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startOpenAiService } from '../support/openai-service/openai-service.ts';
import { startTwoWays, type Program, type TwoWays, type Way } from '../support/two-ways.ts';

const system = 'You sort support tickets. Answer with the name of the queue.';
const question = 'I was charged twice';
const messages = [
  { role: 'system', content: system },
  { role: 'user', content: question },
] as const;

const openai = (way: Way): OpenAI => new OpenAI({ ...way, apiKey: 'sk-client', maxRetries: 0 });
const chunksOf = async (way: Way, more: object = {}): Promise<unknown[]> => {
  const chunks: unknown[] = [];
  const streamed = await openai(way).chat.completions.create({
    model: 'gpt-4o',
    messages: [...messages],
    stream: true,
    ...more,
  });
  for await (const chunk of streamed) chunks.push(chunk);
  return chunks;
};

/** Clients that stream without asking what it costs. */
const unasking: readonly (readonly [name: string, program: Program])[] = [
  ['openai', async (way) => chunksOf(way)],
  ['openai, two choices', async (way) => chunksOf(way, { n: 2 })],
  ['openai, with empty stream options', async (way) => chunksOf(way, { stream_options: {} })],
  [
    'ai with @ai-sdk/openai-compatible',
    async (way) => {
      const model = createOpenAICompatible({ name: 'ours', ...way, apiKey: 'sk-client' })('gpt-4o');
      const streamed = streamText({ model, system, prompt: question, maxRetries: 0 });
      return { text: await streamed.text, usage: await streamed.usage, finish: await streamed.finishReason };
    },
  ],
  [
    '@langchain/openai',
    async (way) => {
      const model = new ChatOpenAI({
        model: 'gpt-4o',
        apiKey: 'sk-client',
        streamUsage: false,
        configuration: { ...way },
      });
      const chunks: unknown[] = [];
      for await (const chunk of await model.stream([...messages]))
        chunks.push([chunk.content, chunk.usage_metadata]);
      return chunks;
    },
  ],
  [
    'the bytes themselves',
    async ({ baseURL, fetch: send }) => {
      const body = JSON.stringify({ model: 'gpt-4o', messages, stream: true });
      return (await send(`${baseURL}/chat/completions`, { method: 'POST', body })).text();
    },
  ],
];

const upstreams = [
  ['an independent mock', startIndependentMock],
  ['our own service', startOpenAiService],
] as const;

describe.each(upstreams)('where Ratchet asks for usage, before %s', (_, start) => {
  let ways: TwoWays;
  beforeAll(async () => {
    const upstream = await start();
    // Our own service makes its ids from the request, and upstream gets another one.
    const text = /\b(?:chatcmpl-|req[-_])[\w-]{16,}/g;
    ways = await startTwoWays(
      { ...upstream, random: { text, times: true } },
      { relay: { isUsageRequested: true } },
    );
  });
  afterAll(async () => ways.close());

  test.each(unasking)('the client sees none of it: %s', async (_name, program) => {
    const count = ways.proxy.decisions.length + 1;
    const direct = await ways.run('direct', program);
    const through = await ways.run('through', program);
    expect(through.result).toEqual(direct.result);
    const [asked] = through.seen;
    const body: unknown = typeof asked?.body === 'string' ? JSON.parse(asked.body) : asked?.body;
    expect(body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(await ways.proxy.decision(count)).toMatchObject({ isUsageEstimated: false });
  });

  test('a client that asks itself gets it, and nothing changes on the way', async () => {
    const program: Program = async (way) => chunksOf(way, { stream_options: { include_usage: true } });
    const { result } = await ways.compare(program);
    expect((result as readonly unknown[]).at(-1)).toMatchObject({ choices: [], usage: expect.anything() });
  });
});
