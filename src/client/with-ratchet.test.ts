import OpenAI from 'openai';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { decisionOf } from './decision-of.ts';
import type { Fetch } from './ratchet-fetch.ts';
import { withRatchet } from './with-ratchet.ts';

const messages = [{ role: 'user' as const, content: 'hi' }];
const model = 'm';

/** A `fetch` like Ratchet: each answer has an id and a decision of its own. */
function proxy(): { readonly fetch: Fetch; readonly seen: Headers[] } {
  const seen: Headers[] = [];
  return {
    seen,
    fetch: async (_, init) => {
      seen.push(new Headers(init?.headers));
      const id = `chatcmpl-with-${seen.length}`;
      const headers = { 'x-ratchet-decision': `rd_${seen.length}` };
      const choices = [
        {
          index: 0,
          message: { role: 'assistant', content: 'ok' },
          delta: { content: 'ok' },
          finish_reason: 'stop',
        },
      ];
      if (!JSON.stringify(init?.body).includes('stream')) return Response.json({ id, choices }, { headers });
      const events = `data: ${JSON.stringify({ id, choices })}\n\ndata: [DONE]\n\n`;
      return new Response(events, { headers: { ...headers, 'content-type': 'text/event-stream' } });
    },
  };
}

const clientOf = (fetch: Fetch): OpenAI =>
  new OpenAI({ apiKey: 'sk', baseURL: 'http://ratchet.test/v1', fetch, defaultHeaders: { 'x-own': 'kept' } });

describe('the client of the openai package', () => {
  test('keeps its type and its settings, and names its requests', async () => {
    const { fetch, seen } = proxy();
    const original = clientOf(fetch);
    const client = withRatchet(original, { task: 'triage', episode: 'e1' });
    expectTypeOf(client).toEqualTypeOf<OpenAI>();
    expect(client.baseURL).toBe(original.baseURL);
    await client.chat.completions.create({ model, messages });
    await original.chat.completions.create({ model, messages });
    const [named, unnamed] = seen.map((headers) => Object.fromEntries(headers));
    expect(named).toMatchObject({
      authorization: 'Bearer sk',
      'x-own': 'kept',
      'x-ratchet-task': 'triage',
      'x-ratchet-episode': 'e1',
    });
    expect(unnamed).not.toHaveProperty('x-ratchet-task');
  });

  test('may be named again, and each request may name itself', async () => {
    const { fetch, seen } = proxy();
    const triage = withRatchet(clientOf(fetch), { task: 'triage', episode: 'e1' });
    await withRatchet(triage, { episode: 'e2' }).chat.completions.create({ model, messages });
    await triage.chat.completions.create({ model, messages }, { headers: { 'x-ratchet-episode': 'e3' } });
    expect(seen.map((headers) => [headers.get('x-ratchet-task'), headers.get('x-ratchet-episode')])).toEqual([
      ['triage', 'e2'],
      ['triage', 'e3'],
    ]);
  });

  test('has the decision of a completion, of its response and of each chunk', async () => {
    const client = withRatchet(clientOf(proxy().fetch));
    expect(decisionOf(await client.chat.completions.create({ model, messages }))).toBe('rd_1');
    expect(decisionOf(await client.chat.completions.create({ model, messages }).withResponse())).toBe('rd_2');
    const chunks: (string | undefined)[] = [];
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true }))
      chunks.push(decisionOf(chunk));
    expect(chunks).toEqual(['rd_3']);
    const stream = client.chat.completions.stream({ model, messages });
    expect(decisionOf(await stream.finalChatCompletion())).toBe('rd_4');
  });

  test('without a fetch of its own uses the global one', async () => {
    const { fetch } = proxy();
    const global = globalThis.fetch;
    globalThis.fetch = fetch;
    try {
      const client = withRatchet(new OpenAI({ apiKey: 'sk', baseURL: 'http://ratchet.test/v1' }));
      expect(decisionOf(await client.chat.completions.create({ model, messages }))).toBe('rd_1');
    } finally {
      globalThis.fetch = global;
    }
  });
});

test('whatever has no withOptions is no client', () => {
  // @ts-expect-error it has no withOptions
  expect(() => withRatchet({}, { task: 'triage' })).toThrow(TypeError);
});
