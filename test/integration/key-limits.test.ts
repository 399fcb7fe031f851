import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { RateLimitError } from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

let folder: string;
let upstream: SmallUpstream;
let servers: ServerProcess[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-limits-'));
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

const secrets = { web: 'a-secret-for-the-web', other: 'a-secret-for-others' };

/** Each answer of the upstream is 21 tokens, and costs what the price says. */
async function start(limits: string): Promise<ServerProcess> {
  const file = join(folder, 'ratchet.yaml');
  writeFileSync(
    file,
    `keys:
  - {id: web, secret: ${secrets.web}, roles: [infer], limits: {${limits}}}
  - {id: other, secret: ${secrets.other}, roles: [infer]}
prices: {small-1: {input_per_million: 50000, output_per_million: 0}}
`,
  );
  const server = await startServerProcess({
    RATCHET_CONFIG: file,
    RATCHET_UPSTREAM: upstream.url,
    RATCHET_UPSTREAM_KEY: 'sk-upstream',
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
  });
  servers.push(server);
  return server;
}

const ask = (server: ServerProcess, apiKey: string = secrets.web): Promise<unknown> =>
  new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 }).chat.completions.create({
    model: 'small-1',
    messages: [
      { role: 'system', content: 'You sort support tickets.' },
      { role: 'user', content: 'I was charged twice.' },
    ],
  });

async function refused(asked: Promise<unknown>): Promise<RateLimitError> {
  const error: unknown = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RateLimitError) return error;
  throw new Error(`expected a rate limit, got ${String(error)}`);
}

/** Asks until it is refused; what was used is known shortly after its answer. */
async function useUp(server: ServerProcess): Promise<number> {
  for (let answers = 0; answers < 20; answers += 1) {
    const isRefused = await ask(server).then(
      () => false,
      (error: unknown) => error instanceof RateLimitError,
    );
    if (isRefused) return answers;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return 20;
}

test('a client is told in its own words, other keys go on, and upstream is not asked', async () => {
  const server = await start('requests_per_day: 2');
  await ask(server);
  await ask(server);
  const error = await refused(ask(server));
  expect([error.status, error.code, error.type]).toEqual([429, 'rate_limit_exceeded', 'rate_limit_error']);
  expect(error.message).toContain('key web');
  expect(error.headers?.get('x-ratelimit-limit-requests')).toBe('2');
  expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
  await ask(server, secrets.other);
  const head = await fetch(`${server.url}/v1/models`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${secrets.web}` },
  });
  expect([head.status, head.headers.get('x-ratelimit-limit-requests')]).toEqual([429, '2']);
  expect(upstream.requests()).toHaveLength(3);
  expect(JSON.stringify(server.log())).not.toContain(secrets.web);
});

test('tokens and money count by what upstream says was used', async () => {
  // Two answers are 42 tokens.
  expect(await useUp(await start('tokens_per_day: 42'))).toBe(2);
});

test.each([
  ['after a stop', 'SIGTERM', 0],
  ['after a crash, for what was saved', 'SIGKILL', 2_500],
] as const)('a restart hands out no fresh budget: %s', async (_, signal, afterMs) => {
  // One answer costs a dollar.
  const limits = 'usd_per_day: 2';
  const first = await start(limits);
  expect(await useUp(first)).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  first.kill(signal);
  await first.exited;
  const second = await start(limits);
  expect((await refused(ask(second))).code).toBe('budget_exhausted');
  expect(upstream.requests()).toHaveLength(2);
});

test('feedback of a key is bounded by the minute, that of others is not', async () => {
  const server = await start('feedback_per_minute: 2');
  const score = async (key: string, id: string): Promise<Response> =>
    fetch(`${server.url}/v1/feedback`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify([
        { id, score: 1 },
        { id: `${id}-too`, score: 0 },
      ]),
    });
  expect((await score(secrets.web, 'chatcmpl-1')).status).toBe(202);
  const late = await score(secrets.web, 'chatcmpl-2');
  expect(late.status).toBe(429);
  expect(Number(late.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await late.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  expect((await score(secrets.other, 'chatcmpl-3')).status).toBe(202);
});
