import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startTwoWays, type Program, type TwoWays } from '../support/two-ways.ts';

type Ask = (client: OpenAI, question: string) => Promise<unknown>;

const params = (question: string): Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'> => ({
  model: 'gpt-4o',
  messages: [
    { role: 'system', content: 'You sort support tickets. Answer with the name of the queue.' },
    { role: 'user', content: question },
  ],
});
const response = (question: string): Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'> => ({
  model: 'gpt-4o',
  instructions: 'You sort support tickets. Answer with the name of the queue.',
  input: question,
});

/** What has come, and how it ended: an error's class, status, code and message. */
async function readAll(pieces: AsyncIterable<unknown>): Promise<unknown> {
  const read: unknown[] = [];
  try {
    for await (const piece of pieces) read.push(piece);
    return { read, ended: 'well' };
  } catch (error) {
    return { read, ended: outlineOf(error) };
  }
}

function outlineOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name } = error.constructor;
  if (!(error instanceof OpenAI.APIError)) return { name, message: error.message };
  const { status, code, message } = error;
  return { name, status, code, message };
}

const asks: readonly (readonly [name: string, ask: Ask])[] = [
  ['chat', async (client, question) => client.chat.completions.create(params(question))],
  [
    'chat, streamed',
    async (client, question) =>
      readAll(await client.chat.completions.create({ ...params(question), stream: true })),
  ],
  ['response', async (client, question) => client.responses.create(response(question))],
  [
    'response, streamed',
    async (client, question) =>
      readAll(await client.responses.create({ ...response(question), stream: true })),
  ],
];

/** Runs with a fault that the mock is asked for by header. */
const faulty =
  (ask: Ask, fault: Readonly<Record<string, string>> = {}, question = 'Twice charged'): Program =>
  async (way) => {
    const client = new OpenAI({ ...way, apiKey: 'sk-client', maxRetries: 0, defaultHeaders: fault });
    return ask(client, question).catch((error: unknown) => ({ thrown: outlineOf(error) }));
  };

describe.each(asks)('faults of upstream look the same to the openai client: %s', (_, ask) => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await startIndependentMock());
  });
  afterAll(async () => ways.close());

  test.each([
    ['an error in place of an answer', 'drop', 500],
    ['a limit', 'ratelimit', 429],
  ])('%s', async (_name, fault, status) => {
    const { answers, result } = await ways.compare(faulty(ask, { [`x-aimock-chaos-${fault}`]: '1' }));
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(JSON.stringify(result)).toContain(String(status));
  });

  test('something that is no JSON', async () => {
    const { answers } = await ways.compare(faulty(ask, { 'x-aimock-chaos-malformed': '1' }));
    expect(answers.map((answer) => answer.status)).toEqual([200]);
  });

  test('a slow answer', async () => {
    const { result } = await ways.compare(faulty(ask, { 'x-aimock-chaos-latency': '100' }));
    expect(JSON.stringify(result)).toContain('süß');
  });

  test('an answer that breaks off', async () => {
    const [direct, through] = [
      await ways.run('direct', faulty(ask, {}, 'Break off')),
      await ways.run('through', faulty(ask, {}, 'Break off')),
    ];
    expect(through.result).toEqual(direct.result);
    expect(direct.answers.map((answer) => answer.status)).toEqual([200]);
  });

  test('no answer at all is an error that the client may try again, with a status of ours', async () => {
    const fault = { 'x-aimock-chaos-disconnect': '1' };
    const direct = await ways.run('direct', faulty(ask, fault));
    const through = await ways.run('through', faulty(ask, fault));
    expect(direct.result).toMatchObject({ thrown: { name: 'APIConnectionError' } });
    expect(through.result).toMatchObject({
      thrown: { name: 'InternalServerError', status: 502, code: 'upstream_unreachable' },
    });
  });
});
