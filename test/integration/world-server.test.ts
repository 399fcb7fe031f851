import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { smallFacetsWorld } from '../../src/upstream/simulated/small-world.case.ts';
import { startWorld, type RunningWorld } from '../../src/upstream/simulated/running-world.ts';
import { startWorldServer, type WorldServer } from '../../src/upstream/simulated/world-server.ts';

/** The real OpenAI client against a world's server. */
const clock = { now: () => 1_790_000_000_123 };
const open: WorldServer[] = [];

async function serve(
  world: RunningWorld = startWorld(smallFacetsWorld(), 1),
  latencyScale = 0,
): Promise<{ server: WorldServer; client: OpenAI }> {
  const server = await startWorldServer(world, { clock, latencyScale });
  open.push(server);
  return { server, client: new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 }) };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const messages = [
  { role: 'system' as const, content: 'Sort the tickets of Mail.\nAnswer with the queue.' },
  { role: 'user' as const, content: 'It crashes' },
];

describe('a response', () => {
  const instructions = messages[0]?.content ?? '';
  const asked = { model: 'm', instructions, input: 'It crashes' };

  it('is the one that the world gives, with usage', async () => {
    const expected = startWorld(smallFacetsWorld(), 1).answer({ model: 'm', messages });
    const { client, server } = await serve();
    const found = await client.responses.create(asked);
    expect(found.output_text).toBe(expected.completion.text);
    expect(found).toMatchObject({ object: 'response', status: 'completed', model: 'm', instructions });
    expect(found.usage).toMatchObject({
      input_tokens: expected.usage.inputTokens,
      output_tokens: expected.usage.outputTokens,
    });
    expect(server.servedAnswer(found.id)).toMatchObject({ prompt: instructions });
  });

  it('streams the same answer in events', async () => {
    const { client, server } = await serve();
    const events = await collect(await client.responses.create({ ...asked, stream: true }));
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
    expect(events[0]?.type).toBe('response.created');
    const twin = startWorld(smallFacetsWorld(), 1).answer({ model: 'm', messages }).completion.text;
    expect(
      events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join(''),
    ).toBe(twin);
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
    expect(server.counts()).toEqual({ completions: 0, streams: 1, errors: 0 });
  });

  it('goes on from another one, and remembers what was said before, but no instructions', async () => {
    const { client, server } = await serve();
    const input = [
      { role: 'system' as const, content: instructions },
      { role: 'user' as const, content: 'It crashes' },
    ];
    const first = await client.responses.create({ model: 'm', input });
    const second = await client.responses.create({
      model: 'm',
      input: 'I was charged twice',
      previous_response_id: first.id,
    });
    expect(server.servedAnswer(second.id)).toMatchObject({ prompt: instructions });
    expect(second.usage?.input_tokens ?? 0).toBeGreaterThan(first.usage?.input_tokens ?? 0);
    const bare = await client.responses.create(asked);
    const third = await client.responses.create({
      model: 'm',
      input: 'It crashes',
      previous_response_id: bare.id,
    });
    expect(server.servedAnswer(third.id)).toMatchObject({ prompt: '' });
    const item = first.output[0]?.id ?? '';
    await client.responses.create({ model: 'm', input: [...input, { type: 'item_reference', id: item }] });
    for (const id of ['resp_none', (await client.responses.create({ ...asked, store: false })).id])
      await expect(client.responses.create({ ...asked, previous_response_id: id })).rejects.toMatchObject({
        status: 400,
        param: 'previous_response_id',
      });
  });

  it('calls the tool that the agent offers, streamed or not', async () => {
    const world = startWorld(smallFacetsWorld({ model: { output: 'tool', baseAccuracy: 1 }, shifts: [] }), 1);
    const { client } = await serve(world);
    const call = { type: 'function_call', name: 'answer', arguments: '{"answer":"bug"}' };
    expect((await client.responses.create(asked)).output).toMatchObject([call]);
    const streamed = await client.responses.stream(asked).finalResponse();
    expect(streamed.output).toMatchObject([call]);
  });

  it('of the judge comes through structured outputs', async () => {
    const { client } = await serve();
    const payload = { rubric: 'right', conversation: messages, answer: 'bug' };
    const { output_text: text } = await client.responses.create({
      model: 'world-judge',
      input: JSON.stringify(payload),
      text: { format: { type: 'json_schema', name: 'judgement', schema: { type: 'object' } } },
    });
    expect(JSON.parse(text)).toHaveProperty('pass');
  });
});

describe('a chat completion', () => {
  it('is the one that the world gives, with usage', async () => {
    const twin = startWorld(smallFacetsWorld(), 1);
    const { client } = await serve();
    for (let call = 0; call < 20; call += 1) {
      const expected = twin.answer({ model: 'm', messages });
      const found = await client.chat.completions.create({ model: 'm', messages });
      expect(found.choices[0]?.message.content).toBe(expected.completion.text);
      expect(found.choices[0]?.finish_reason).toBe('stop');
      expect(found.usage).toMatchObject({
        prompt_tokens: expected.usage.inputTokens,
        completion_tokens: 10,
        total_tokens: expected.usage.inputTokens + 10,
      });
      expect(found).toMatchObject({ object: 'chat.completion', model: 'm', created: 1_790_000_000 });
    }
  });

  it('streams the same answer in chunks, usage at the end when asked for', async () => {
    const twin = startWorld(smallFacetsWorld(), 1);
    const { client, server } = await serve();
    const stream = await client.chat.completions.create({
      model: 'm',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toBe(twin.answer({ model: 'm', messages }).completion.text);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 10 } });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(server.counts()).toEqual({ completions: 0, streams: 1, errors: 0 });
  });

  it('streams no usage unless asked', async () => {
    const { client } = await serve();
    const chunks = await collect(
      await client.chat.completions.create({ model: 'm', messages, stream: true }),
    );
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.some((chunk) => chunk.usage !== undefined && chunk.usage !== null)).toBe(false);
  });

  it('keeps every character of a longer text when it streams', async () => {
    const answer = '  Two  words,\n\nand a line. ';
    const inputs = [{ text: 'It crashes', answer }];
    const { client } = await serve(
      startWorld(smallFacetsWorld({ model: { baseAccuracy: 1 }, agent: { inputs }, shifts: [] }), 1),
    );
    const stream = client.chat.completions.stream({ model: 'm', messages });
    expect(await stream.finalContent()).toBe(answer);
  });

  it('calls the tool that the agent offers, streamed or not', async () => {
    const world = startWorld(smallFacetsWorld({ model: { output: 'tool', baseAccuracy: 1 }, shifts: [] }), 1);
    const { client } = await serve(world);
    const whole = await client.chat.completions.create({ model: 'm', messages });
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ function: { name: 'answer', arguments: '{"answer":"bug"}' } }],
      },
    });
    const streamed = await client.chat.completions.stream({ model: 'm', messages }).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'answer', arguments: '{"answer":"bug"}' },
    });
  });

  it('is remembered with the prompt that reached the model', async () => {
    const { client, server } = await serve();
    const { id } = await client.chat.completions.create({ model: 'm', messages });
    expect(server.servedAnswer(id)).toMatchObject({ prompt: messages[0]?.content });
    expect(server.servedAnswer('chatcmpl-unknown')).toBeUndefined();
  });

  it('of the optimizer comes through structured outputs', async () => {
    const { client } = await serve();
    const payload = { prompt: messages[0]?.content, protected: [], examples: [], history: [], count: 1 };
    const { choices } = await client.chat.completions.create({
      model: 'world-optimizer',
      messages: [{ role: 'user', content: JSON.stringify(payload) }],
      response_format: { type: 'json_schema', json_schema: { name: 'proposals', schema: {}, strict: true } },
    });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({ proposals: [{ intent: 'list' }] });
  });
});

describe('latency', () => {
  it('is spent when asked for, to scale', async () => {
    const { client } = await serve(startWorld(smallFacetsWorld(), 1), 0.5);
    const started = performance.now();
    await client.chat.completions.create({ model: 'm', messages });
    expect(performance.now() - started).toBeGreaterThan(95);
  });

  it('holds nobody up who has gone', async () => {
    const { client, server } = await serve(startWorld(smallFacetsWorld(), 1), 1000);
    const gone = AbortSignal.timeout(100);
    await expect(
      client.chat.completions.create({ model: 'm', messages }, { signal: gone }),
    ).rejects.toThrow();
    await server.close();
    expect(server.counts()).toEqual({ completions: 0, streams: 0, errors: 0 });
  });
});

describe('the server', () => {
  it('lists its models', async () => {
    const { client } = await serve();
    const names = (await collect(client.models.list())).map(({ id }) => id);
    expect(names).toEqual(['world-agent', 'world-optimizer', 'world-judge']);
  });

  it.each([
    ['{"model":', 400, 'invalid_json'],
    ['{"model":"m","messages":[]}', 400, 'invalid_request'],
    ['{"messages":[{"role":"user","content":"x"}]}', 400, 'invalid_request'],
  ])('answers %s with an error of the OpenAI shape', async (body, status, code) => {
    const { server } = await serve();
    const response = await fetch(`${server.url}/chat/completions`, { method: 'POST', body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', code } });
    expect(server.counts().errors).toBe(1);
  });

  it('knows no other path', async () => {
    const { client } = await serve();
    await expect(client.embeddings.create({ model: 'm', input: 'x' })).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  it('says so when its port is taken', async () => {
    const { server } = await serve();
    const port = Number(new URL(server.url).port);
    await expect(startWorldServer(startWorld(smallFacetsWorld(), 1), { clock, port })).rejects.toThrow(
      /EADDRINUSE/,
    );
  });
});
