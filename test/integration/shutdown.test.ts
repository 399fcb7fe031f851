import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { banditFold } from '../../src/bandit/fold.ts';
import type { Trace } from '../../src/domain/trace.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { createSystemRandom } from '../../src/runtime/system-random.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { openSqliteStore } from '../../src/store/kysely/sqlite-store.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';

let folder: string;
let server: ServerProcess;
let streams: ServerResponse[];
let closeUpstream: () => Promise<void>;

/** An upstream whose streams the test writes. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-stop-'));
  streams = [];
  const upstream = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event('bil'));
      streams.push(response);
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  closeUpstream = () =>
    new Promise((resolve) => {
      upstream.close(() => resolve());
      upstream.closeAllConnections();
    });
  server = await startServerProcess({
    RATCHET_UPSTREAM: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
    RATCHET_DRAIN_TIMEOUT: '1s',
  });
});

afterEach(async () => {
  server.kill('SIGKILL');
  await server.exited;
  await closeUpstream();
  rmSync(folder, { recursive: true });
});

const event = (content: string): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;

const end = (response: ServerResponse | undefined): void =>
  void response?.end(`${event('ling')}data: [DONE]\n\n`);

/** A stream of which the first piece has come. */
async function openStream(): Promise<AsyncIterator<OpenAI.ChatCompletionChunk>> {
  const stream = await new OpenAI({
    baseURL: `${server.url}/v1`,
    apiKey: 'sk-client',
    maxRetries: 0,
  }).chat.completions.create({
    model: 'm',
    stream: true,
    messages: [
      { role: 'system', content: 'You sort support tickets.' },
      { role: 'user', content: 'I was charged twice.' },
    ],
  });
  const pieces = stream[Symbol.asyncIterator]();
  expect((await pieces.next()).value?.choices[0]?.delta.content).toBe('bil');
  return pieces;
}

async function recorded(): Promise<readonly Trace[]> {
  const path = join(folder, 'ratchet.db');
  const parts = { fold: banditFold, clock: systemClock, random: createSystemRandom() };
  const store = await openSqliteStore({ path, ...parts, mode: 'reader' });
  try {
    const [task] = (await store.readSnapshot(0)).tasks;
    return await store.readTraces({ taskId: task?.task.id ?? '', order: 'oldest', limit: 10 });
  } finally {
    await store.close();
  }
}

describe('a stop', () => {
  test('lets a stream end whole, records it, and exits with 0', async () => {
    const pieces = await openStream();
    server.kill('SIGTERM');
    await server.logged('stopping');
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    end(streams[0]);
    expect((await pieces.next()).value?.choices[0]?.delta.content).toBe('ling');
    expect((await pieces.next()).done).toBe(true);
    expect(await server.exited).toBe(0);
    const [trace] = await recorded();
    expect(trace?.decision).toMatchObject({
      status: 200,
      completionId: 'chatcmpl-1',
      content: { completion: { text: 'billing' } },
    });
    expect(server.log().filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  test('cuts off what takes longer than the drain timeout, records it all the same, and exits with 0', async () => {
    const pieces = await openStream();
    server.kill('SIGTERM');
    await expect(pieces.next()).rejects.toThrow();
    expect(await server.exited).toBe(0);
    expect(await server.logged('requests-cut-off')).toMatchObject({ afterMs: 1_000 });
    const [trace] = await recorded();
    expect(trace?.decision).toMatchObject({ finishReason: null, content: { completion: { text: 'bil' } } });
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('is over at once with a second signal, %s: %i', async (signal, code) => {
    await openStream();
    server.kill('SIGTERM');
    await server.logged('stopping');
    server.kill(signal);
    // Had it waited for the stream, it would have exited with 0.
    expect(await server.exited).toBe(code);
  });

  test('of a server that is still starting ends in order too', async () => {
    const starting = spawn(process.execPath, [join(packageRoot(), 'bin/ratchet.js'), 'serve'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        RATCHET_PORT: '0',
        RATCHET_DATABASE: `sqlite:${join(folder, 'another.db')}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // Its first line, long before it listens.
    await once(starting.stderr, 'data');
    starting.kill('SIGTERM');
    expect(await once(starting, 'exit')).toEqual([0, null]);
  });
});
