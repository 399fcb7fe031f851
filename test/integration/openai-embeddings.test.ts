import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAiEmbeddings } from '../../src/upstream/openai/openai-embeddings.ts';
import type { Embeddings } from '../../src/upstream/embeddings.ts';

const apiKey = 'sk-secret-of-the-operator';
let server: Server | undefined;
let seen: { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }[] =
  [];

async function embeddingsBehind(reply: (response: ServerResponse) => void): Promise<Embeddings> {
  seen = [];
  const started = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      seen.push({ url: incoming.url ?? '', headers: incoming.headers, body });
      reply(response);
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const baseUrl = `http://127.0.0.1:${address.port}/v1`;
  return createOpenAiEmbeddings({ baseUrl, apiKey, model: 'embed', clock: { now: () => 0 }, retriesMax: 0 });
}

function json(status: number, body: unknown): (response: ServerResponse) => void {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('embeddings of an OpenAI-compatible endpoint', () => {
  it('are asked for with the learning key, all texts in one call', async () => {
    const vectors = [
      { index: 0, embedding: [1, 0] },
      { index: 1, embedding: [0, 1] },
    ];
    const embeddings = await embeddingsBehind(json(200, { data: vectors, usage: { prompt_tokens: 5 } }));
    expect(await embeddings.embed(['one', 'other'])).toEqual({
      vectors: [Float32Array.of(1, 0), Float32Array.of(0, 1)],
      inputTokens: 5,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ url: '/v1/embeddings', headers: { authorization: `Bearer ${apiKey}` } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      model: 'embed',
      input: ['one', 'other'],
      encoding_format: 'float',
    });
  });

  it('have their tokens estimated where the server counts none', async () => {
    const embeddings = await embeddingsBehind(json(200, { data: [{ embedding: [1] }] }));
    expect((await embeddings.embed(['a text of some words'])).inputTokens).toBeGreaterThan(0);
  });

  it.each<[string, number, unknown, string, boolean]>([
    ['an endpoint that does not exist', 404, { error: {} }, 'upstream_unreachable', false],
    ['a server in trouble', 503, { error: {} }, 'upstream_unreachable', true],
    ['an answer of another kind', 200, { choices: [] }, 'invalid_model_output', false],
  ])('%s is told apart, without a word of the texts', async (_, status, body, ...[code, isRetryable]) => {
    const embeddings = await embeddingsBehind(json(status, body));
    const error: unknown = await embeddings.embed(['private words']).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, isRetryable });
    expect(String(error)).not.toMatch(/private words|sk-secret/);
  });
});
