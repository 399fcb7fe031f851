import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner } from '@openai/agents';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import type { Edit } from '../../../src/domain/edit.ts';
import { createTestPlans } from '../support/learned-variant.ts';
import { startOpenAiService } from '../support/openai-service/openai-service.ts';
import { startTwoWays, type Program, type TwoWays, type Way } from '../support/two-ways.ts';

const prompt = 'You sort support tickets. Answer with the name of the queue.';
const edits: readonly Edit[] = [
  { op: 'replace', find: 'the name of the queue', text: 'one word', intent: 'brevity' },
  { op: 'insert', text: 'Never guess — süß.', intent: 'honesty' },
];
const edited = 'You sort support tickets. Answer with one word.\nNever guess — süß.';

const question = 'I was charged twice';
const openai = (way: Way): OpenAI => new OpenAI({ ...way, apiKey: 'sk-client', maxRetries: 0 });
const chat = (
  messages: OpenAI.ChatCompletionMessageParam[],
): Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'> => ({ model: 'gpt-4o', messages });
const asking = { system: prompt, prompt: question, maxRetries: 0 };
const runner = (way: Way, useResponses: boolean): Runner =>
  new Runner({
    tracingDisabled: true,
    modelProvider: new OpenAIProvider({ useResponses, openAIClient: openai(way) }),
  });
const agent = new Agent({ name: 'Sorter', instructions: prompt, model: 'gpt-4o' });
const user = { role: 'user', content: question } as const;

const programs: readonly (readonly [name: string, program: Program])[] = [
  [
    'openai',
    async (way) => openai(way).chat.completions.create(chat([{ role: 'system', content: prompt }, user])),
  ],
  [
    'openai, developer message in parts',
    async (way) =>
      openai(way).chat.completions.create(
        chat([{ role: 'developer', content: [{ type: 'text', text: prompt }] }, user]),
      ),
  ],
  [
    'openai, streaming',
    async (way) =>
      openai(way)
        .chat.completions.stream(chat([{ role: 'system', content: prompt }, user]))
        .finalChatCompletion(),
  ],
  [
    'ai with @ai-sdk/openai',
    async (way) =>
      (await generateText({ ...asking, model: createOpenAI({ ...way, apiKey: 'sk-client' }).chat('gpt-4o') }))
        .text,
  ],
  [
    'ai with @ai-sdk/openai-compatible, streaming',
    async (way) => {
      const model = createOpenAICompatible({ name: 'ours', ...way, apiKey: 'sk-client' })('gpt-4o');
      return streamText({ ...asking, model }).text;
    },
  ],
  [
    '@langchain/openai',
    async (way) => {
      const model = new ChatOpenAI({ model: 'gpt-4o', apiKey: 'sk-client', configuration: { ...way } });
      const { text } = await model.invoke([{ role: 'system', content: prompt }, user]);
      return text;
    },
  ],
  ['@openai/agents by chat', async (way) => (await runner(way, false).run(agent, question)).finalOutput],
  ['@openai/agents by responses', async (way) => (await runner(way, true).run(agent, question)).finalOutput],
  [
    'openai, responses with instructions',
    async (way) =>
      (await openai(way).responses.create({ model: 'gpt-4o', instructions: prompt, input: question }))
        .output_text,
  ],
  [
    'openai, responses with a leading item, streaming',
    async (way) => {
      const input = [{ role: 'developer', content: prompt } as const, user];
      return (await openai(way).responses.stream({ model: 'gpt-4o', input }).finalResponse()).output_text;
    },
  ],
  [
    'ai with @ai-sdk/openai, responses',
    async (way) =>
      (await generateText({ ...asking, model: createOpenAI({ ...way, apiKey: 'sk-client' })('gpt-4o') }))
        .text,
  ],
  [
    '@langchain/openai, responses, streaming',
    async (way) => {
      const model = new ChatOpenAI({
        model: 'gpt-4o',
        apiKey: 'sk-client',
        useResponsesApi: true,
        configuration: { ...way },
      });
      let text = '';
      for await (const chunk of await model.stream([{ role: 'system', content: prompt }, user]))
        text += chunk.text;
      return text;
    },
  ],
];

let ways: TwoWays | undefined;
afterEach(async () => ways?.close());

/** Both ways, with an edited variant of each prompt that the program has used once. */
async function learned(program: Program): Promise<{ readonly ways: TwoWays; readonly variantId: string }> {
  const plans = createTestPlans();
  // The service makes its ids from the request, and upstream gets another one.
  const random = { text: /\b(?:chatcmpl-|resp_|msg_|req_)[0-9a-f]{24}/g, times: false };
  const upstream = { ...(await startOpenAiService()), random };
  ways = await startTwoWays(upstream, { deps: { snapshots: plans } });
  const { answers } = await ways.run('through', program);
  expect(answers[0]?.headers.get('x-ratchet-variant')).toBe('baseline');
  const [variant] = await plans.serve(ways.proxy, edits);
  return { ways, variantId: variant?.id ?? 'none' };
}

describe('with a learned variant in service, upstream is sent it and the client notices nothing', () => {
  test.each(programs)('%s', async (_name, program) => {
    const { ways: both, variantId } = await learned(program);
    const direct = await both.run('direct', program);
    const through = await both.run('through', program);

    expect(through.result).toEqual(direct.result);
    expect(through.answers[0]?.headers.get('x-ratchet-variant')).toBe(variantId);
    const [own] = direct.seen;
    const [rewritten] = through.seen;
    const body = String(own?.body);
    expect(body).toContain(JSON.stringify(prompt));
    expect(rewritten?.body).toBe(body.replace(JSON.stringify(prompt), JSON.stringify(edited)));
    const { 'content-length': length, host: _, connection: _own, ...headers } = rewritten?.headers ?? {};
    expect(length).toBe(String(Buffer.byteLength(String(rewritten?.body))));
    expect(own?.headers).toMatchObject(headers);
  });

  test('several leading messages stay as many, each with its own part of the variant', async () => {
    const parts = [
      { type: 'text', text: 'Be polite.' },
      { type: 'text', text: 'Answer with the name of the queue.' },
    ] as const;
    const program: Program = async (way) =>
      openai(way).chat.completions.create(
        chat([
          { role: 'system', content: 'You sort support tickets.', name: 'sorter' },
          { role: 'developer', content: [...parts] },
          user,
        ]),
      );
    const { ways: both } = await learned(program);
    const { seen } = await both.run('through', program);
    expect(JSON.parse(String(seen[0]?.body))).toEqual({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'You sort support tickets.', name: 'sorter' },
        {
          role: 'developer',
          content: [parts[0], { type: 'text', text: 'Answer with one word.\nNever guess — süß.' }],
        },
        user,
      ],
    });
  });

  test('an error of upstream is the same error', async () => {
    const program: Program = async (way) =>
      openai(way).chat.completions.create({
        ...chat([{ role: 'system', content: prompt }, user]),
        model: 'fails-400',
      });
    const works: Program = async (way) =>
      openai(way).chat.completions.create(chat([{ role: 'system', content: prompt }, user]));
    const { ways: both, variantId } = await learned(works);
    const [direct, through] = [await both.run('direct', program), await both.run('through', program)];
    expect(through.result).toEqual(direct.result);
    expect(through.answers[0]?.headers.get('x-ratchet-variant')).toBe(variantId);
    expect(String(through.seen[0]?.body)).toContain(JSON.stringify(edited));
  });

  test('a request that asks for its own prompt gets it, to the byte', async () => {
    const program: Program = async (way) =>
      openai(way).chat.completions.create(chat([{ role: 'system', content: prompt }, user]), {
        headers: { 'x-ratchet-variant': 'baseline' },
      });
    const { ways: both } = await learned(program);
    const [direct, through] = [await both.run('direct', program), await both.run('through', program)];
    expect(through.seen[0]?.body).toBe(direct.seen[0]?.body);
    expect(through.seen[0]?.headers).not.toHaveProperty('x-ratchet-variant');
  });
});
