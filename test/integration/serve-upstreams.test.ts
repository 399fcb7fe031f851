import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

let folder: string;
let other: SmallUpstream;
let server: ServerProcess;

const key = 'a-secret-for-the-web';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-upstreams-'));
  other = await startSmallUpstream();
  writeFileSync(
    join(folder, 'ratchet.yaml'),
    `upstream: http://127.0.0.1:${await deadPort()}/v1
upstreams:
  default: {retries: {max: 0}}
  other: {url: ${other.url}, key_env: OTHER_KEY, models: {gpt-4o: small-1}}
fallback: [default, other]
keys: [{id: web, secret: ${key}, roles: [infer]}]
tasks: {triage: {model: gpt-4o}}
`,
  );
  server = await startServerProcess({
    RATCHET_CONFIG: join(folder, 'ratchet.yaml'),
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
    OTHER_KEY: 'sk-other',
  });
});

afterEach(async () => {
  server.kill('SIGKILL');
  await server.exited;
  await other.close();
  rmSync(folder, { recursive: true });
});

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(0, '127.0.0.1', resolve));
  const { port } = dead.address() as AddressInfo;
  await new Promise<void>((resolve) => dead.close(() => resolve()));
  return port;
}

test('a server serves from the upstream that is up, with its key and names, and tells', async () => {
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: key, maxRetries: 0 });
  const { data, response } = await client.chat.completions
    .create({
      model: 'ratchet/triage',
      messages: [
        { role: 'system', content: 'You sort support tickets.' },
        { role: 'user', content: 'I was charged twice.' },
      ],
    })
    .withResponse();
  expect(data.choices[0]?.message.content).toBe('billing');
  expect(response.headers.get('x-ratchet-upstream')).toBe('other');
  expect(other.requests()[0]).toMatchObject({
    headers: { authorization: 'Bearer sk-other' },
    body: { model: 'small-1' },
  });
  expect(await client.models.retrieve('ratchet/triage')).toMatchObject({ id: 'ratchet/triage' });
  const stranger = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'sk-client', maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toThrow(/401/);
  // Both keys are in use, and neither shows.
  const log = JSON.stringify(server.log());
  expect(log).toContain('upstreams.default: clients send a key');
  expect(log).not.toMatch(new RegExp(`${key}|sk-other`));
  await expect
    .poll(async () => (await fetch(`${server.url}/metrics`)).text(), { timeout: 10_000 })
    .toMatch(/ratchet_upstream_attempts_total\{[^}]*upstream="default",outcome="refused"[^}]*\} 1/);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/ratchet_upstream_fallbacks_total\{[^}]*from="default",to="other"/);
});
