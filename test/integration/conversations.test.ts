import { createOpenAI } from '@ai-sdk/openai';
import { HumanMessage, SystemMessage, type BaseMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner, user, type AgentInputItem } from '@openai/agents';
import { generateText, type ModelMessage } from 'ai';
import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import { startWorld } from '../../src/upstream/simulated/running-world.ts';
import { smallFacetsWorld } from '../../src/upstream/simulated/small-world.case.ts';
import { startWorldServer } from '../../src/upstream/simulated/world-server.ts';
import { startLocalProxy, type LocalProxy } from './support/local-proxy.ts';

// Two turns of one conversation, as the users of each client write them; none names its session.
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (close) => close()));
});

const prompt = 'Sort the tickets of Mail.\nAnswer with the queue.';
const questions = ['It crashes', 'and then?'] as const;
const clock = { now: () => 1_790_000_000_123 };

async function start(): Promise<{ readonly proxy: LocalProxy; readonly other: LocalProxy }> {
  const world = await startWorldServer(startWorld(smallFacetsWorld(), 1), { clock });
  const upstreamPort = Number(new URL(world.url).port);
  const proxy = await startLocalProxy({ upstreamPort });
  // Another process, that has seen nothing, over the same store.
  const other = await startLocalProxy({ upstreamPort, store: () => proxy.store });
  open.push(other.close, proxy.close, world.close);
  return { proxy, other };
}

/** Two turns, each through the server at its base URL. */
type Talk = (baseUrls: readonly string[]) => Promise<void>;

const withAiSdk =
  (isChat: boolean, store?: boolean): Talk =>
  async (baseUrls) => {
    const options = store === undefined ? {} : { providerOptions: { openai: { store } } };
    let messages: ModelMessage[] = [];
    for (const [turn, baseURL] of baseUrls.entries()) {
      const provider = createOpenAI({ baseURL, apiKey: 'any' });
      const model = isChat ? provider.chat('m') : provider('m');
      messages = [...messages, { role: 'user', content: questions[turn] ?? '' }];
      const { response } = await generateText({ model, system: prompt, messages, maxRetries: 0, ...options });
      messages = [...messages, ...response.messages];
    }
  };

const withLangChain =
  (useResponsesApi: boolean, more: object = {}): Talk =>
  async (baseUrls) => {
    let messages: BaseMessage[] = [new SystemMessage(prompt)];
    for (const [turn, baseURL] of baseUrls.entries()) {
      const configuration = { baseURL };
      const model = new ChatOpenAI({ model: 'm', apiKey: 'any', useResponsesApi, configuration, ...more });
      messages = [...messages, new HumanMessage(questions[turn] ?? '')];
      messages = [...messages, await model.invoke(messages)];
    }
  };

const withAgents =
  (useResponses: boolean): Talk =>
  async (baseUrls) => {
    const agent = new Agent({ name: 'Sorter', instructions: prompt, model: 'm' });
    let history: AgentInputItem[] = [];
    for (const [turn, baseURL] of baseUrls.entries()) {
      const openAIClient = new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 });
      const modelProvider = new OpenAIProvider({ useResponses, openAIClient });
      const runner = new Runner({ tracingDisabled: true, modelProvider });
      ({ history } = await runner.run(agent, [...history, user(questions[turn] ?? '')]));
    }
  };

const talks: readonly (readonly [string, Talk])[] = [
  ['ai with @ai-sdk/openai, chat', withAiSdk(true)],
  ['ai with @ai-sdk/openai, responses', withAiSdk(false)],
  ['ai with @ai-sdk/openai, responses that are not kept', withAiSdk(false, false)],
  ['@langchain/openai, chat', withLangChain(false)],
  ['@langchain/openai, responses', withLangChain(true)],
  ['@langchain/openai, responses that are not kept', withLangChain(true, { zdrEnabled: true })],
  ['@openai/agents, chat', withAgents(false)],
  ['@openai/agents, responses', withAgents(true)],
];

describe('two turns of a conversation are one episode', () => {
  test.each(talks)('%s', async (_, talk) => {
    const { proxy } = await start();
    await talk([proxy.url, proxy.url]);
    const [first, second] = [await proxy.decision(1), await proxy.decision(2)];
    expect(first).toMatchObject({ attribution: 'drawn', episodeId: first.decisionId });
    expect(second).toMatchObject({ attribution: 'drawn', episodeId: first.episodeId });
  });

  test.each(talks)('though another process serves the second: %s', async (_, talk) => {
    const { proxy, other } = await start();
    await talk([proxy.url, other.url]);
    const [first, second] = [await proxy.decision(1), await other.decision(1)];
    expect(second).toMatchObject({
      attribution: 'drawn',
      episodeId: first.episodeId,
      taskId: first.taskId,
    });
  });
});
