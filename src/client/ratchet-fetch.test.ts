import { expect, test } from 'vitest';
import { decisionOf } from './decision-of.ts';
import { ratchetFetch, type Fetch } from './ratchet-fetch.ts';

type Body = string | ReadableStream | null;

const url = 'http://ratchet.test/v1/chat/completions';

/** A `fetch` that answers so, and the headers that it was called with. */
function answering(body: Body, init: ResponseInit = {}): { fetch: Fetch; seen: Headers[] } {
  const seen: Headers[] = [];
  return {
    seen,
    fetch: async (_, request) => {
      seen.push(new Headers(request?.headers));
      return new Response(body, init);
    },
  };
}

const through = ({ fetch }: { readonly fetch: Fetch }): Fetch => ratchetFetch({}, fetch);
const decided = (decision: string, type = 'application/json'): ResponseInit => ({
  headers: { 'x-ratchet-decision': decision, 'content-type': type, 'x-request-id': 'r1' },
});

test('a request is named, unless it names itself; its own headers stay', async () => {
  const { fetch, seen } = answering('{}');
  const named = ratchetFetch({ task: 'triage', episode: 'e1' }, fetch);
  await named(url);
  await named(url, { headers: { 'X-Ratchet-Episode': 'e2', authorization: 'Bearer x' } });
  await named(new Request(url, { headers: { 'x-own': 'kept' } }));
  expect(seen.map((headers) => Object.fromEntries(headers))).toEqual([
    { 'x-ratchet-task': 'triage', 'x-ratchet-episode': 'e1' },
    { 'x-ratchet-task': 'triage', 'x-ratchet-episode': 'e2', authorization: 'Bearer x' },
    { 'x-ratchet-task': 'triage', 'x-ratchet-episode': 'e1', 'x-own': 'kept' },
  ]);
});

test('names that are given by a function are asked for with each request', async () => {
  const { fetch, seen } = answering('{}');
  let turn = 0;
  const named = ratchetFetch(() => {
    turn += 1;
    return { episode: `e${turn}` };
  }, fetch);
  await named(url);
  await named(url);
  expect(seen.map((headers) => headers.get('x-ratchet-episode'))).toEqual(['e1', 'e2']);
});

test('a name that no header can carry is an error before anything is sent', async () => {
  const { fetch, seen } = answering('{}');
  expect(() => ratchetFetch({ task: 'süß' }, fetch)).toThrow(RangeError);
  await expect(ratchetFetch(() => ({ task: 'süß' }), fetch)(url)).rejects.toThrow(RangeError);
  expect(seen).toEqual([]);
});

test('an answer is the same, and its decision is known as soon as it has been read', async () => {
  const json = JSON.stringify({ id: 'chatcmpl-fetch', choices: [] });
  const given = new Response(json, { ...decided('rd_1'), status: 203, statusText: 'Copied' });
  Object.defineProperty(given, 'url', { value: url });
  const response = await ratchetFetch({}, async () => given)(url);
  expect(decisionOf(response)).toBe('rd_1');
  expect(response).toMatchObject({ url, status: 203, statusText: 'Copied' });
  expect(response.headers.get('x-request-id')).toBe('r1');
  expect(await response.text()).toBe(json);
  expect(decisionOf('chatcmpl-fetch')).toBe('rd_1');
});

test('the decision of a stream is known with its first event', async () => {
  const event = 'data: {"id":"chatcmpl-stream"}\n\n';
  const { promise: never } = Promise.withResolvers<void>();
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(event)),
    pull: async () => never,
  });
  const response = await through(answering(endless, decided('rd_2', 'text/event-stream; charset=utf-8')))(
    url,
  );
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(event);
  expect(decisionOf({ id: 'chatcmpl-stream' })).toBe('rd_2');
});

test('who leaves a stream leaves it upstream, too', async () => {
  const { promise: left, resolve } = Promise.withResolvers<unknown>();
  const endless = new ReadableStream({ cancel: resolve });
  const response = await through(answering(endless, decided('rd_3', 'text/event-stream')))(url);
  await response.body?.cancel('enough');
  expect(await left).toBe('enough');
});

test('a stream that breaks off breaks off', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
  const response = await through(answering(broken, decided('rd_4', 'text/event-stream')))(url);
  await expect(response.text()).rejects.toThrow('reset');
});

test.each<[Body, ResponseInit]>([
  ['{"id":"chatcmpl-undecided"}', {}],
  [null, { ...decided('rd_5'), status: 204 }],
  ['{"id":"chatcmpl-undecided"}', { ...decided('rd_5'), status: 500 }],
])('%j with %j passes untouched', async (body, init) => {
  const given = new Response(body, init);
  expect(await ratchetFetch({}, async () => given)(url)).toBe(given);
  expect(decisionOf('chatcmpl-undecided')).toBeUndefined();
});
