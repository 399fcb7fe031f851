import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

const operator = 'the-operator-token-of-ada';
const viewer = 'the-token-of-a-viewer';
const system = 'You sort support tickets. Answer with the name of the queue.';

let folder: string;
let upstream: SmallUpstream;
let server: ServerProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-control-'));
  upstream = await startSmallUpstream();
  server = await startServerProcess({
    RATCHET_UPSTREAM: upstream.url,
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
    RATCHET_ADMIN_TOKENS: `ada:${operator}:operator,grafana:${viewer}:viewer`,
  });
  await server.logged('ready');
});

afterAll(async () => {
  server.kill('SIGKILL');
  await server.exited;
  await upstream.close();
  rmSync(folder, { recursive: true });
});

async function api(
  path: string,
  init: { readonly body?: unknown; readonly token?: string } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${server.url}${path}`, {
    headers: {
      authorization: `Bearer ${init.token ?? operator}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(init.body === undefined ? {} : { method: 'POST', body: JSON.stringify(init.body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function ask(): Promise<Headers> {
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'sk-client', maxRetries: 0 });
  const { response } = await client.chat.completions
    .create(
      {
        model: 'small-1',
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: 'I was charged twice.' },
        ],
      },
      { headers: { 'x-ratchet-task': 'triage' } },
    )
    .withResponse();
  return response.headers;
}

async function rate(decision: string): Promise<number> {
  const response = await fetch(`${server.url}/v1/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client' },
    body: JSON.stringify({ id: decision, score: 1, comment: 'I am Ada' }),
  });
  return response.status;
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await isSo());) {
    if (Date.now() > deadline) throw new Error('it never came to be');
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

interface Items {
  readonly items: readonly Readonly<Record<string, string>>[];
}
const itemsOf = async (path: string): Promise<Items['items']> => ((await api(path)).body as Items).items;

/** Reads server-sent events until one of a kind has come; resolves to its data. */
async function eventOf(reader: ReadableStreamDefaultReader<Uint8Array>, kind: string): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended before ${kind}`);
    text += decoder.decode(value, { stream: true });
    const data = new RegExp(`event: ${kind}\\ndata: (.*)\\n\\n`).exec(text)?.[1];
    if (data !== undefined) return JSON.parse(data);
  }
}

describe('the control API of a real server', () => {
  let taskId: string;

  test('shows what was served, to whoever may look', async () => {
    const decision = (await ask()).get('x-ratchet-decision') ?? '';
    expect(await rate(decision)).toBe(200);
    await eventually(async () => (await itemsOf('/api/decisions')).length === 1);
    const [task] = await itemsOf('/api/tasks');
    taskId = task?.['id'] ?? '';
    const [found] = await itemsOf(`/api/decisions?task=${taskId}`);
    expect(found).toMatchObject({ variantId: 'baseline', propensity: 1, attribution: 'drawn', reward: 1 });
    const one = await api(`/api/decisions/${found?.['decisionId']}`, { token: viewer });
    expect(one.body).toMatchObject({
      content: { request: { messages: [{ content: system }, {}] } },
      feedback: [{ comment: 'I am Ada', value: 1 }],
    });
    expect((await api('/api/tasks', { token: 'somebody-elses-token' })).status).toBe(401);
  });

  test('streams a change that an operator makes, which the proxy obeys', async () => {
    const stream = await fetch(`${server.url}/api/events`, {
      headers: { authorization: `Bearer ${viewer}` },
    });
    const reader = stream.body?.getReader();
    if (reader === undefined) throw new Error('no stream');
    expect(
      await api(`/api/tasks/${taskId}/pin`, { token: viewer, body: { variantId: 'baseline' } }),
    ).toMatchObject({
      status: 403,
    });
    expect(await api(`/api/tasks/${taskId}/pin`, { body: { variantId: 'baseline' } })).toMatchObject({
      status: 200,
    });
    expect(await eventOf(reader, 'plan-changed')).toMatchObject({
      version: 2,
      cause: { kind: 'pinned', by: 'ada' },
    });
    await reader.cancel();
    await eventually(async () => {
      await ask();
      return (await itemsOf('/api/decisions?attribution=pinned')).length > 0;
    });
    expect(await api('/api/audit')).toMatchObject({ body: { items: [{ actor: 'ada', action: 'pin' }] } });
    expect(server.log().find(({ event }) => event === 'control.change')).toMatchObject({
      actor: 'ada',
      action: 'pin',
    });
    expect(JSON.stringify(server.log())).not.toContain(operator);
  });

  test('takes a proposal by hand', async () => {
    const edits = [{ op: 'insert', text: 'Answer with one word.', intent: 'brevity' }];
    const made = await api(`/api/tasks/${taskId}/proposals`, { body: { edits } });
    expect(made).toMatchObject({ status: 201, body: { state: 'proposed', optimizer: 'by-hand' } });
    expect(await itemsOf('/api/campaigns?state=open')).toHaveLength(1);
  });

  test('exports, forgets, and then has nothing left to export', async () => {
    const lines = async (): Promise<readonly string[]> => {
      const response = await fetch(`${server.url}/api/export/sft?task=${taskId}`, {
        headers: { authorization: `Bearer ${viewer}` },
      });
      return (await response.text()).split('\n').filter((line) => line !== '');
    };
    expect((await lines()).map((line) => JSON.parse(line) as object)).toMatchObject([
      { messages: [{ role: 'system' }, { role: 'user' }, { role: 'assistant' }] },
    ]);
    const [found] = await itemsOf(`/api/decisions?task=${taskId}&rewarded=true`);
    const target = { kind: 'scope', scope: found?.['scope'] };
    expect(await api('/api/forget', { body: { target, reason: 'asked to' } })).toMatchObject({ status: 200 });
    expect(await lines()).toEqual([]);
    expect((await api(`/api/decisions/${found?.['decisionId']}`)).body).toMatchObject({
      content: null,
      reward: 1,
      feedback: [{ comment: null }],
    });
  });

  test('has streams that hold no stop up', async () => {
    const stream = await fetch(`${server.url}/api/events`, {
      headers: { authorization: `Bearer ${viewer}` },
    });
    const reader = stream.body?.getReader();
    await reader?.read();
    const before = performance.now();
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(performance.now() - before).toBeLessThan(8_000);
    expect(server.log().some(({ event }) => event === 'requests-cut-off')).toBe(false);
  });
});
