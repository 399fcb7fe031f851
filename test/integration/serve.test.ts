import Database from 'better-sqlite3';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenAI } from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { startOtlpReceiver } from './support/otlp-receiver.ts';
import { readStore } from './support/read-store.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

const system = 'You sort support tickets. Answer with the name of the queue.';
const messages = [
  { role: 'system', content: system },
  { role: 'user', content: 'I was charged twice.' },
] as const;

let folder: string;
let upstream: SmallUpstream;
let servers: ServerProcess[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-serve-'));
  upstream = await startSmallUpstream();
  servers = [];
});

afterEach(async () => {
  for (const server of servers) {
    server.kill('SIGKILL');
    await server.exited;
  }
  await upstream.close();
  rmSync(folder, { recursive: true });
});

const databasePath = (): string => join(folder, 'ratchet.db');

async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServerProcess({
    RATCHET_UPSTREAM: upstream.url,
    RATCHET_DATABASE: `sqlite:${databasePath()}`,
    ...environment,
  });
  servers.push(server);
  return server;
}

function clientOf(server: ServerProcess): OpenAI {
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'sk-client', maxRetries: 0 });
}

async function complete(server: ServerProcess, headers: Record<string, string> = {}): Promise<string> {
  const { response } = await clientOf(server)
    .chat.completions.create({ model: 'small-1', messages: [...messages] }, { headers })
    .withResponse();
  return response.headers.get('x-ratchet-decision') ?? '';
}

async function postFeedback(server: ServerProcess, body: object): Promise<Response> {
  return fetch(`${server.url}/v1/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client' },
    body: JSON.stringify(body),
  });
}

async function readiness(
  server: ServerProcess,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${server.url}/readyz`);
  return { status: response.status, body: await response.json() };
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  return readStore(databasePath(), work);
}

/** Tries until it holds or 15 s are over. */
async function eventually(look: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error('it never came to pass');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('ratchet serve', () => {
  test('completes for a real client, counts feedback, and on SIGTERM keeps all of it and exits with 0', async () => {
    const server = await start();
    const client = clientOf(server);
    const { data, response } = await client.chat.completions
      .create({ model: 'small-1', messages: [...messages] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe('billing');
    expect(upstream.requests()[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-client' },
      body: { model: 'small-1', messages },
    });
    const decisionId = response.headers.get('x-ratchet-decision');
    expect(decisionId).not.toBeNull();
    const feedback = await postFeedback(server, { id: decisionId, score: 1, expected: 'billing' });
    expect(feedback.status).toBe(200);

    let streamed = '';
    const stream = await client.chat.completions.create({
      model: 'small-1',
      messages: [...messages],
      stream: true,
    });
    for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? '';
    expect(streamed).toBe('billing');

    const stoppedAtMs = Date.now();
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(Date.now() - stoppedAtMs).toBeLessThan(10_000);
    await withStore(async (store) => {
      const { tasks } = await store.readSnapshot(0);
      expect(tasks).toHaveLength(1);
      const taskId = tasks[0]?.task.id ?? '';
      const rewards = await store.readRewards(taskId, 0, 10);
      expect(rewards.map(({ reward }) => reward)).toEqual([1]);
      const traces = await store.readTraces({ taskId, order: 'oldest', limit: 10 });
      expect(traces.map(({ reward, expected }) => [reward, expected])).toEqual([
        [1, 'billing'],
        [null, 'billing'],
      ]);
    });
  });

  test('says first what it records, where and for how long, and that nothing is learned without a key', async () => {
    const server = await start();
    const [first] = server.log();
    expect(first).toMatchObject({
      event: 'recording',
      recorded: 'full',
      database: databasePath(),
      retention: '14d',
    });
    expect(await server.logged('learning-off')).toBeDefined();
    const tasks = await fetch(`${server.url}/api/tasks`);
    expect(await tasks.json()).toMatchObject({ learning: { isOn: false } });
  });

  test('is ready once the store commits, and shows its tasks and metrics', async () => {
    const server = await start();
    await eventually(async () => (await readiness(server)).status === 200);
    await complete(server, { 'x-ratchet-task': 'triage' });
    await eventually(async () => {
      const response = await fetch(`${server.url}/api/tasks`);
      const body = (await response.json()) as { items: { id: string; name: string }[] };
      return body.items.some(({ name }) => name === 'triage');
    });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/gen_ai_client_operation_duration_count\{.*gen_ai_request_model="small-1".*\} 1/);
  });

  test("continues the client's trace, exports its span and hands the trace on to upstream", async () => {
    const receiver = await startOtlpReceiver();
    try {
      const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      await complete(server, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
      server.kill('SIGTERM');
      expect(await server.exited).toBe(0);
      const [span] = receiver.spans();
      expect(span).toMatchObject({ name: 'chat small-1', traceId, parentSpanId: 'b7ad6b7169203331' });
      expect(upstream.requests()[0]?.headers['traceparent']).toBe(`00-${traceId}-${span?.spanId}-01`);
      expect(JSON.stringify(receiver.spans())).not.toContain('charged twice');
    } finally {
      await receiver.close();
    }
  });

  test('finishes the streams under way before it stops', async () => {
    await upstream.close();
    upstream = await startSmallUpstream(300);
    const server = await start();
    const stream = await clientOf(server).chat.completions.create({
      model: 'small-1',
      messages: [...messages],
      stream: true,
    });
    let streamed = '';
    for await (const chunk of stream) {
      if (streamed === '') server.kill('SIGTERM');
      streamed += chunk.choices[0]?.delta.content ?? '';
    }
    expect(streamed).toBe('billing');
    expect(await server.exited).toBe(0);
  });

  test('learns on a thread of its own when it has a key, and stops that thread with the rest', async () => {
    const server = await start({ RATCHET_LEARNING_KEY: 'sk-learning' });
    expect(await server.logged('learning-on')).toBeDefined();
    await server.logged('ready');
    await postFeedback(server, { id: await complete(server), score: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.log().filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  test('logs no prompt, no answer and no credential', async () => {
    const server = await start({ RATCHET_LOG_LEVEL: 'debug', RATCHET_SECRET: 'a-secret-that-must-not-show' });
    await postFeedback(server, { id: await complete(server), score: 1, comment: 'hidden comment' });
    server.kill('SIGTERM');
    await server.exited;
    const log = JSON.stringify(server.log());
    for (const text of [
      'charged twice',
      'sort support',
      'billing',
      'sk-client',
      'must-not-show',
      'hidden comment',
    ])
      expect(log).not.toContain(text);
  });

  test('tells in one line when the port is taken, and exits with 2', async () => {
    const server = await start();
    const { port } = new URL(server.url);
    await expect(start({ RATCHET_PORT: port })).rejects.toThrow(/exit code 2[^]*RATCHET_PORT: .* is taken/);
  });
});

describe('while the database is away', () => {
  test('a database that cannot be opened at start fails no request, and is used once it can be', async () => {
    // No folder can be made where a file is.
    writeFileSync(join(folder, 'later'), '');
    const server = await start({ RATCHET_DATABASE: `sqlite:${join(folder, 'later', 'ratchet.db')}` });
    await complete(server);
    expect(await readiness(server)).toMatchObject({ status: 503, body: { status: 'not-ready' } });
    const refused = await postFeedback(server, { id: 'chatcmpl-1', score: 1 });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    rmSync(join(folder, 'later'));
    await eventually(async () => (await readiness(server)).status === 200);
    const feedback = await postFeedback(server, { id: await complete(server), score: 1 });
    expect(feedback.status).toBe(200);
  });

  test('a locked file fails no completion; feedback is asked to come again, and then counts', async () => {
    const server = await start();
    const decisionId = await complete(server);
    await eventually(async () => (await readiness(server)).status === 200);
    const lock = new Database(databasePath());
    lock.exec('BEGIN EXCLUSIVE');
    for (let index = 0; index < 5; index++) await complete(server);
    const refused = await postFeedback(server, { id: decisionId, score: 1 });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    lock.exec('ROLLBACK');
    lock.close();
    await eventually(async () => (await postFeedback(server, { id: decisionId, score: 1 })).status === 200);
  });

  test('a removed file fails no completion', async () => {
    const server = await start();
    await complete(server);
    for (const suffix of ['', '-wal', '-shm']) rmSync(databasePath() + suffix, { force: true });
    for (let index = 0; index < 5; index++) await complete(server);
    await postFeedback(server, { id: await complete(server), score: 1 });
    await complete(server);
  });
});

describe('a share of the conversations', () => {
  test('is recorded, and feedback counts for all of them', async () => {
    const server = await start({ RATCHET_RECORD_SHARE: '0.3' });
    const asked = 60;
    const ids = await Promise.all(Array.from({ length: asked }, () => complete(server)));
    for (const id of ids) expect((await postFeedback(server, { id, score: 1 })).status).toBe(200);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    await withStore(async (store) => {
      const [task] = (await store.readSnapshot(0)).tasks;
      expect(task?.bandit.feedbacks).toBe(asked);
      const traces = await store.readTraces({ taskId: task?.task.id ?? '', order: 'oldest', limit: 100 });
      // Within six standard deviations of 18.
      expect(traces.length).toBeGreaterThan(0);
      expect(traces.length).toBeLessThan(40);
    });
  });
});
