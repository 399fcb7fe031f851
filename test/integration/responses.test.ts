import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import type { Edit } from '../../src/domain/edit.ts';
import { startWorld } from '../../src/upstream/simulated/running-world.ts';
import { smallFacetsWorld } from '../../src/upstream/simulated/small-world.case.ts';
import { startWorldServer, type WorldServer } from '../../src/upstream/simulated/world-server.ts';
import { createTestPlans } from './support/learned-variant.ts';
import {
  bodyOf,
  listen,
  startLocalProxy,
  type LocalProxy,
  type LocalProxySettings,
  type SeenRequest,
} from './support/local-proxy.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (close) => close()));
});

const prompt = 'Sort the tickets of Mail.\nAnswer with the queue.';
const edits: readonly Edit[] = [{ op: 'insert', text: 'Be brief.', intent: 'brevity' }];
const edited = `${prompt}\nBe brief.`;
const asked = { model: 'm', instructions: prompt, input: 'It crashes' };
const triage = { 'x-ratchet-task': 'triage' };
const clock = { now: () => 1_790_000_000_123 };

const clientOf = (url: string): OpenAI =>
  new OpenAI({ baseURL: url, apiKey: 'any', maxRetries: 0, defaultHeaders: triage });

interface Running {
  readonly world: WorldServer;
  readonly proxy: LocalProxy;
  readonly client: OpenAI;
  /** Another proxy over the same store and upstream, that has seen nothing yet. */
  readonly restart: () => Promise<OpenAI>;
}

/** A proxy before a world that speaks responses; with `edits` every request of a known task is served by a variant. */
async function start(isLearned: boolean, worldSettings = {}): Promise<Running> {
  const world = await startWorldServer(startWorld(smallFacetsWorld(worldSettings), 1), { clock });
  const plans = createTestPlans();
  const settings = { upstreamPort: Number(new URL(world.url).port), deps: { snapshots: plans } };
  const proxy = await startLocalProxy(settings);
  open.push(proxy.close, world.close);
  const client = clientOf(proxy.url);
  if (isLearned) {
    await client.responses.create(asked);
    await proxy.decision(1);
    await plans.serve(proxy, edits);
  }
  return {
    world,
    proxy,
    client,
    restart: async () => {
      const other = await startLocalProxy({ ...settings, store: () => proxy.store });
      open.push(other.close);
      return clientOf(other.url);
    },
  };
}

describe('a response through Ratchet', () => {
  test('is asked for with the variant\u2019s instructions, whole or streamed', async () => {
    const { world, client, proxy } = await start(true);
    const whole = await client.responses.create(asked);
    const streamed = await client.responses.stream(asked).finalResponse();
    for (const [index, response] of [whole, streamed].entries()) {
      expect(world.servedAnswer(response.id)?.prompt).toBe(edited);
      expect(await proxy.decision(index + 2)).toMatchObject({
        completionId: response.id,
        usage: {
          inputTokens: response.usage?.input_tokens,
          outputTokens: response.usage?.output_tokens,
        },
        isUsageEstimated: false,
        finishReason: 'stop',
        content: {
          request: asked,
          completion: { text: response.output_text, toolCalls: [], finishReason: 'stop', refusal: null },
        },
      });
    }
  });

  test('is asked for with the variant among its items, where the prompt is there', async () => {
    const { world, client } = await start(true);
    const { id } = await client.responses.create({
      model: 'm',
      input: [
        { role: 'developer', content: [{ type: 'input_text', text: prompt }] },
        { role: 'user', content: 'It crashes' },
      ],
    });
    expect(world.servedAnswer(id)?.prompt).toBe(edited);
  });

  test('is recorded with its tool calls, whole or streamed, and its loop is one episode', async () => {
    const { client, proxy } = await start(false, { model: { output: 'tool', baseAccuracy: 1 }, shifts: [] });
    const tools: OpenAI.Responses.FunctionTool[] = [
      { type: 'function', name: 'answer', parameters: { type: 'object' }, strict: false },
    ];
    const first = await client.responses.create({ ...asked, tools });
    const [call] = first.output;
    if (call?.type !== 'function_call') throw new Error('no call');
    const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'done' };
    await client.responses
      .stream({ ...asked, tools, input: [output], previous_response_id: first.id })
      .finalResponse();
    // The same once more by an agent that sends all items again.
    await client.responses.create({
      ...asked,
      tools,
      input: [{ role: 'user', content: asked.input }, call, output],
    });
    const [one, two, three] = [await proxy.decision(1), await proxy.decision(2), await proxy.decision(3)];
    for (const { content } of [one, two, three])
      expect(content?.completion).toEqual({
        text: '',
        toolCalls: [{ name: 'answer', arguments: expect.stringContaining('answer') }],
        finishReason: 'tool_calls',
        refusal: null,
      });
    expect([two.episodeId, three.episodeId]).toEqual([one.episodeId, one.episodeId]);
  });

  test('is recorded with structured output', async () => {
    const { client, proxy } = await start(false, { model: { output: 'json', baseAccuracy: 1 }, shifts: [] });
    const format = {
      type: 'json_schema' as const,
      name: 'answer',
      strict: true,
      schema: { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] },
    };
    const { output_parsed: parsed } = await client.responses.parse({ ...asked, text: { format } });
    expect(parsed).toEqual({ answer: 'bug' });
    expect((await proxy.decision(1)).content).toMatchObject({
      request: { text: { format } },
      completion: { text: '{"answer":"bug"}' },
    });
  });

  test('costs our metadata, and nothing else', async () => {
    const { proxy, seen } = await before((_, response) => void response.end('{}'));
    const body = `{ "top_p":1.0,"model":"m", "instructions":"x", "metadata":{"ratchet_task":"t","team":"a"},"input":"\\u00e9" }`;
    await fetch(`${proxy.url}/responses`, { method: 'POST', body });
    expect(seen[0]?.body.toString()).toBe(body.replace('"ratchet_task":"t","team"', '"team"'));
  });
});

describe('a chain of responses', () => {
  test.each([
    ['whole', false],
    ['streamed', true],
  ])('is one episode and one variant, with instructions and without: %s', async (_, isStream) => {
    const { world, client, proxy } = await start(true);
    const create = async (
      params: Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>,
    ): Promise<string> =>
      isStream
        ? (await client.responses.stream(params).finalResponse()).id
        : (await client.responses.create(params)).id;
    const first = await create(asked);
    const second = await create({ ...asked, previous_response_id: first });
    const third = await create({ model: 'm', input: 'and?', previous_response_id: second });
    expect(world.servedAnswer(second)?.prompt).toBe(edited);
    expect(world.servedAnswer(third)?.prompt).toBe('');
    const decisions = await Promise.all([2, 3, 4].map(async (count) => proxy.decision(count)));
    const [one, ...later] = decisions;
    for (const decision of later)
      expect(decision).toMatchObject({
        taskId: one?.taskId,
        episodeId: one?.episodeId,
        variantId: one?.variantId,
        propensity: one?.propensity,
        attribution: 'drawn',
      });
    expect(new Set(decisions.map(({ inputHash }) => inputHash)).size).toBe(3);
  });

  test('goes on while its stream has not ended yet', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { proxy } = await before(async ({ body }, response) => {
      const { previous_response_id: previous } = JSON.parse(body.toString()) as Record<string, unknown>;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const id = previous === undefined ? 'resp_1' : 'resp_2';
      response.write(event('response.created', { response: { id, status: 'in_progress', output: [] } }));
      if (previous === undefined) await held;
      response.end(event('response.completed', { response: { id, status: 'completed', output: [] } }));
    });
    const client = clientOf(proxy.url);
    const stream = await client.responses.create({ ...asked, stream: true });
    const events = stream[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: 'response.created' });
    const next = { model: 'm', input: 'and?', previous_response_id: 'resp_1', stream: true as const };
    for await (const _ of await client.responses.create(next));
    release();
    while ((await events.next()).done !== true);
    const [second, first] = [await proxy.decision(1), await proxy.decision(2)];
    expect([second.completionId, second.episodeId]).toEqual(['resp_2', first.episodeId]);
  });

  test('is found by another process over the same store', async () => {
    const { client, proxy, restart } = await start(true);
    const { id } = await client.responses.create(asked);
    const { output } = await client.responses.create(asked);
    const again: OpenAI.Responses.ResponseInputItem[] = JSON.parse(JSON.stringify(output));
    const [chained, resent] = [await proxy.decision(2), await proxy.decision(3)];
    const other = await restart();
    const answers = [
      await other.responses.create({ model: 'm', input: 'and?', previous_response_id: id }).asResponse(),
      await other.responses.create({ ...asked, previous_response_id: id }).asResponse(),
      await other.responses
        .create({
          ...asked,
          input: [{ role: 'user', content: asked.input }, ...again, { role: 'user', content: 'and?' }],
        })
        .asResponse(),
    ];
    expect(answers.map(({ headers }) => headers.get('x-ratchet-variant'))).toEqual([
      chained.variantId,
      chained.variantId,
      resent.variantId,
    ]);
  });

  test('in a conversation that upstream keeps is one episode, which feedback may name', async () => {
    const { client, proxy } = await start(false);
    for (const input of ['It crashes', 'and?'])
      await client.responses.create({ ...asked, input, conversation: 'conv_1' });
    await client.responses.create({ model: 'm', input: 'and then?', conversation: 'conv_1' });
    for (const count of [1, 2, 3])
      expect(await proxy.decision(count)).toMatchObject({ episodeId: 'conv_1', attribution: 'drawn' });
    expect(await score(proxy, 'conv_1')).toBe('counted');
  });
});

describe('feedback by the id of a response', () => {
  test('counts at once, for each turn of a chain', async () => {
    const { client, proxy } = await start(false);
    const { id: first } = await client.responses.create(asked);
    const next = { model: 'm', input: 'and?', previous_response_id: first };
    const { id: second } = await client.responses.create(next);
    await proxy.decision(2);
    expect(await score(proxy, second)).toBe('counted');
    expect(await score(proxy, first)).toBe('counted');
    const { taskId, variantId } = await proxy.decision(1);
    const rewards = await proxy.store.readRewards(taskId, 0, 10);
    expect(rewards).toMatchObject([{ variantId, reward: 1 }]);
  });

  test('waits where it overtakes its decision, then counts', async () => {
    const { client, proxy } = await start(false);
    const { id } = await client.responses.create(asked);
    const next = id.replace(/1$/, '2');
    expect(await score(proxy, next)).toBe('pending');
    expect((await client.responses.create(asked)).id).toBe(next);
    const { taskId, variantId } = await proxy.decision(2);
    expect(await proxy.store.readRewards(taskId, 0, 10)).toMatchObject([{ variantId, reward: 1 }]);
  });
});

describe('a response that ends otherwise', () => {
  const message = (text: string): object => ({
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    content: [{ type: 'output_text', text }],
  });

  test.each<[string, object, object]>([
    [
      'in the background',
      { id: 'resp_1', status: 'queued', output: [] },
      { completionId: 'resp_1', usage: null, isUsageEstimated: false, content: null },
    ],
    [
      'with a failure',
      { id: 'resp_1', status: 'failed', output: [], error: { code: 'server_error' } },
      { completionId: 'resp_1', usage: null, content: null },
    ],
    [
      'at its token limit',
      {
        id: 'resp_1',
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [message('bil')],
        usage: { input_tokens: 5, output_tokens: 1 },
      },
      { finishReason: 'length', usage: { inputTokens: 5, outputTokens: 1 } },
    ],
    [
      'with a refusal, and without its usage',
      {
        id: 'resp_1',
        status: 'completed',
        output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'I cannot' }] }],
      },
      { isUsageEstimated: true, content: { completion: { refusal: 'I cannot', text: '' } } },
    ],
  ])('is recorded as that: %s', async (_, said, expected) => {
    const { proxy } = await before((__, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said));
    });
    expect(await clientOf(proxy.url).responses.create(asked)).toMatchObject(said);
    expect(await proxy.decision(1)).toMatchObject(expected);
  });

  test('in a stream that breaks off is no answer, but is known and was paid for', async () => {
    const { proxy } = await before(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event('response.created', { response: { id: 'resp_1', status: 'in_progress' } }));
      for (const delta of ['bil', 'li'])
        response.write(event('response.output_text.delta', { output_index: 0, delta }));
      await sleep(5);
      response.destroy();
    });
    const stream = await clientOf(proxy.url).responses.create({ ...asked, stream: true });
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toThrow();
    expect(await proxy.decision(1)).toMatchObject({
      completionId: 'resp_1',
      status: 0,
      finishReason: null,
      isUsageEstimated: true,
      usage: { outputTokens: 2 },
      content: null,
    });
  });

  test('in a stream with an error arrives as it was sent', async () => {
    const failed = event('error', { code: 'rate_limit_exceeded', message: 'slow down' });
    const { proxy } = await before((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(failed);
    });
    const body = JSON.stringify({ ...asked, stream: true });
    const response = await fetch(`${proxy.url}/responses`, { method: 'POST', body });
    expect(await response.text()).toBe(failed);
    expect(await proxy.decision(1)).toMatchObject({ status: 200, completionId: null, content: null });
  });

  test('in compressed bytes is known to the turn that follows at once', async () => {
    const said = { id: 'resp_1', status: 'completed', output: [message('x'.repeat(1e6))] };
    const bytes = gzipSync(JSON.stringify(said));
    const { proxy } = await before((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(bytes);
    });
    const client = clientOf(proxy.url);
    await client.responses.create(asked);
    await client.responses.create({ model: 'm', input: 'and?', previous_response_id: 'resp_1' });
    expect((await proxy.decision(2)).episodeId).toBe((await proxy.decision(1)).episodeId);
  });
});

describe('all else about responses passes through', () => {
  test.each([
    ['GET', '/responses/resp_1?include[]=x&stream=true'],
    ['DELETE', '/responses/resp_1'],
    ['POST', '/responses/resp_1/cancel'],
    ['GET', '/responses/resp_1/input_items?limit=2'],
    ['POST', '/responses/input_tokens'],
    ['POST', '/responses/compact'],
    ['POST', '/conversations'],
  ])('%s %s', async (method, path) => {
    const { proxy, seen } = await before((_, response) => void response.end('{"ok":true}'));
    const body = method === 'POST' ? JSON.stringify({ ...asked, metadata: { ratchet_task: 't' } }) : null;
    const options = { method, body };
    const response = await fetch(`${proxy.url}${path}`, options);
    expect(await response.text()).toBe('{"ok":true}');
    expect(response.headers.get('x-ratchet-decision')).toBeNull();
    expect(seen[0]).toMatchObject({ method, url: `/v1${path}` });
    expect(seen[0]?.body.toString()).toBe(body ?? '');
  });

  test.each([
    ['without a model', { instructions: 'x', prompt: { id: 'pmpt_1' } }],
    ['whose prompt upstream keeps', { model: 'm', input: 'x', prompt: { id: 'pmpt_1' } }],
    ['without a prompt', { model: 'm', input: 'x' }],
    ['that goes on from an unknown one', { model: 'm', input: 'x', previous_response_id: 'resp_0' }],
    [
      'with a picture in its prompt',
      { model: 'm', input: [{ role: 'system', content: [{ type: 'input_image' }] }] },
    ],
    ['that is malformed', { model: 'm', input: 7 }],
  ])('a request %s', async (_, request) => {
    const { proxy, seen } = await before((__, response) => void response.end('{}'));
    const body = JSON.stringify(request, null, 1);
    const response = await fetch(`${proxy.url}/responses`, { method: 'POST', body });
    expect(response.headers.get('x-ratchet-decision')).toBeNull();
    expect(seen[0]?.body.toString()).toBe(body);
  });
});

type Answer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A proxy before an upstream of one's own. */
async function before(
  answer: Answer,
  settings: Omit<LocalProxySettings, 'upstreamPort'> = {},
): Promise<{ readonly proxy: LocalProxy; readonly seen: readonly SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const upstream = await listen((request, response) => {
    void bodyOf(request).then(async (body) => {
      const { method = '', url = '', rawHeaders, headers } = request;
      const got = { method, url, rawHeaders, headers, body };
      seen.push(got);
      await answer(got, response);
    });
  });
  const proxy = await startLocalProxy({ upstreamPort: upstream.port, ...settings });
  open.push(proxy.close, upstream.close);
  return { proxy, seen };
}

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

async function score(proxy: LocalProxy, id: string): Promise<unknown> {
  const response = await fetch(`${proxy.url}/feedback`, {
    method: 'POST',
    headers: { authorization: 'Bearer any' },
    body: JSON.stringify({ id, score: 1 }),
  });
  const { outcome } = (await response.json()) as { readonly outcome?: unknown };
  return outcome;
}
