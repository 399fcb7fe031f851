import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { withModelAliases } from '../../src/proxy/model-aliases.ts';
import { listen, localUpstream, startLocalProxy, type LocalProxy } from './support/local-proxy.ts';
import { relayFor } from './support/relay-ask.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const list = '{"object":"list", "data":[{"id":"gpt-4o","object":"model","created":7,"owned_by":"x"}]}';

interface Started {
  readonly proxy: LocalProxy;
  readonly url: string;
  readonly encodings: (string | undefined)[];
}

async function start(
  answer: (response: ServerResponse) => void,
  tasks: readonly string[] = ['support-triage', 'süß & co'],
): Promise<Started> {
  const encodings: (string | undefined)[] = [];
  const upstream = await listen((request, response) => {
    encodings.push(request.headers['accept-encoding']?.toString());
    answer(response);
  });
  const relay = relayFor({ upstreams: [localUpstream(upstream.port)] });
  const proxy = await startLocalProxy({
    upstreamPort: upstream.port,
    deps: { relay: withModelAliases(relay, tasks) },
  });
  open.push(upstream.close, relay.close, proxy.close);
  return { proxy, url: `http://127.0.0.1:${upstream.port}/v1`, encodings };
}

const json =
  (text: string, headers: Record<string, string> = {}, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(text);
  };

describe('tasks with a model are models', () => {
  test('to a real client: listed, and described one by one', async () => {
    const { proxy } = await start(
      json(list, { etag: '"1"', 'x-request-id': 'r', 'content-length': String(list.length) }),
    );
    const client = new OpenAI({ baseURL: proxy.url, apiKey: 'sk', maxRetries: 0 });
    const { data, response } = await client.models.list().withResponse();
    expect(data.data.map(({ id }) => id)).toEqual(['gpt-4o', 'ratchet/support-triage', 'ratchet/süß & co']);
    expect([response.headers.get('etag'), response.headers.get('x-request-id')]).toEqual([null, 'r']);
    for (const id of ['ratchet/support-triage', 'ratchet/süß & co'])
      expect(await client.models.retrieve(id)).toMatchObject({ id, object: 'model', owned_by: 'ratchet' });
    expect(await (await fetch(`${proxy.url}/models/ratchet/support-triage`)).json()).toMatchObject({
      id: 'ratchet/support-triage',
    });
  });

  test('but upstream says what every other model is', async () => {
    const { proxy } = await start(json('{"id":"gpt-4o"}'));
    for (const id of ['gpt-4o', 'ratchet/other', 'ratchet%2', 'ratchet'])
      expect(await (await fetch(`${proxy.url}/models/${id}`)).text()).toBe('{"id":"gpt-4o"}');
  });

  test('a list is asked for uncompressed, everything else as the client wants it', async () => {
    const { proxy, encodings } = await start(json(list));
    for (const path of ['models?limit=1', 'models/gpt-4o'])
      await (await fetch(`${proxy.url}/${path}`, { headers: { 'accept-encoding': 'gzip' } })).text();
    expect(encodings).toEqual(['identity', 'gzip']);
  });
});

describe('what is not a list as expected arrives as it is', () => {
  const compressed = gzipSync(list);
  test.each<[string, (response: ServerResponse) => void]>([
    ['an error', json('{"error":{}}', {}, 401)],
    ['no JSON', json(list, { 'content-type': 'text/html' })],
    ['another object', json('{"models":[]}')],
    ['half an object', json('{"data":[')],
    [
      'compressed all the same',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(compressed);
      },
    ],
    ['too long to hold', json(`{"data":["${'x'.repeat(9_000_000)}"]}`)],
  ])('%s', async (_, answer) => {
    const { proxy, url } = await start(answer);
    const [through, direct] = await Promise.all([fetch(`${proxy.url}/models`), fetch(`${url}/models`)]);
    expect(through.status).toBe(direct.status);
    expect((await through.text()) === (await direct.text())).toBe(true);
  });

  test('a list that breaks off breaks off', async () => {
    const { proxy } = await start((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write(list, () => response.socket?.resetAndDestroy());
    });
    await expect(fetch(`${proxy.url}/models`).then(async (response) => response.text())).rejects.toThrow();
  });

  test('and without aliases all of it', async () => {
    const { proxy, encodings } = await start(json(list), []);
    const options = { headers: { 'accept-encoding': 'gzip' } };
    expect(await (await fetch(`${proxy.url}/models`, options)).text()).toBe(list);
    expect(encodings).toEqual(['gzip']);
  });
});
