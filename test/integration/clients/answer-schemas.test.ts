import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startLocalProxy, type LocalProxy } from '../support/local-proxy.ts';
import { faultsOf, type AnswerKind } from '../support/openai-schemas.ts';
import { startOpenAiService } from '../support/openai-service/openai-service.ts';
import type { ComparedUpstream } from '../support/two-ways.ts';

const prompt = 'You sort support tickets. Answer with the name of the queue.';
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const schema = { type: 'object', properties: { queue: { type: 'string' } }, required: ['queue'] };

const chat = (question: string, more: object = {}): object => ({
  model: 'gpt-4o',
  messages: [
    { role: 'system', content: prompt },
    { role: 'user', content: question },
  ],
  ...more,
});
const response = (input: string, more: object = {}): object => ({
  model: 'gpt-4o',
  instructions: prompt,
  input,
  ...more,
});
const chatTools = { tools: [{ type: 'function', function: { name: 'get_weather', parameters } }] };
const responseTools = { tools: [{ type: 'function', name: 'get_weather', parameters, strict: false }] };

const chats = [
  chat('Twice charged', { logprobs: true, top_logprobs: 1 }),
  chat('Bern and Basel?', chatTools),
  chat('Sort it', { response_format: { type: 'json_schema', json_schema: { name: 'queue', schema } } }),
];
const responses = [
  response('Twice charged'),
  response('Bern and Basel?', responseTools),
  response('Sort it', { text: { format: { type: 'json_schema', name: 'queue', schema } } }),
];
const streamed = (body: object): object => ({ ...body, stream: true });
const withUsage = (body: object): object => ({ ...body, stream_options: { include_usage: true } });

const questions: Readonly<Record<AnswerKind, readonly (readonly [path: string, body: object])[]>> = {
  'chat completion': chats.map((body) => ['/chat/completions', body]),
  'chat chunk': chats.map((body) => ['/chat/completions', withUsage(streamed(body))]),
  response: responses.map((body) => ['/responses', body]),
  'response event': responses.map((body) => ['/responses', streamed(body)]),
  error: [
    ['/chat/completions', chat('Fail with 400')],
    ['/chat/completions', chat('', { model: 'fails-400' })],
    ['/responses', response('', { model: 'fails-429' })],
  ],
};

/** Fields that the mock leaves out of every response object, though the API reference requires them. */
const responseFields = [
  'error',
  'incomplete_details',
  'instructions',
  'metadata',
  'parallel_tool_calls',
  'temperature',
  'tool_choice',
  'tools',
  'top_p',
];
const missing = (fields: readonly string[], at = ''): string[] =>
  fields.map((field) => `${at} must have required property '${field}'`.trim());
const usageDetails = ['input_tokens_details', 'output_tokens_details'];

/** Where an upstream falls short of the API reference itself, and why that is not Ratchet's doing. */
const deviations: Readonly<Record<string, Partial<Record<AnswerKind, readonly string[]>>>> = {
  'an independent mock': {
    // Version 1.43 of the mock makes response objects of the fields that clients read, and numbers no event.
    response: [
      ...missing(responseFields),
      ...missing(['logprobs'], '/output/*/content/*'),
      ...missing(usageDetails, '/usage'),
    ],
    'response event': [
      ...['created', 'in_progress', 'completed'].flatMap((type) => [
        ...missing(['sequence_number'], `response.${type}`),
        ...missing(responseFields, `response.${type} /response`),
      ]),
      ...missing(['logprobs'], 'response.completed /response/output/*/content/*'),
      ...missing(usageDetails, 'response.completed /response/usage'),
      ...['added', 'done'].flatMap((type) => [
        ...missing(['sequence_number'], `response.output_item.${type}`),
        ...missing(['sequence_number'], `response.content_part.${type}`),
        ...missing(['logprobs'], `response.content_part.${type} /part`),
      ]),
      ...missing(['logprobs'], 'response.output_item.done /item/content/*'),
      ...['delta', 'done'].flatMap((type) => [
        ...missing(['sequence_number', 'logprobs'], `response.output_text.${type}`),
        ...missing(['sequence_number'], `response.function_call_arguments.${type}`),
      ]),
      ...missing(['name'], 'response.function_call_arguments.done'),
    ],
  },
  'our own service': {},
};

const upstreams = [
  ['an independent mock', startIndependentMock],
  ['our own service', startOpenAiService],
] as const;

describe.each(upstreams)('answers through Ratchet keep to the API reference, before %s', (name, start) => {
  let upstream: ComparedUpstream;
  let proxy: LocalProxy;
  beforeAll(async () => {
    upstream = await start();
    proxy = await startLocalProxy({ upstreamPort: upstream.port });
  });
  afterAll(async () => {
    await proxy.close();
    await upstream.close();
  });

  test.each(Object.entries(questions) as [AnswerKind, (typeof questions)[AnswerKind]][])(
    '%s',
    async (kind, asked) => {
      const answers = await Promise.all(asked.map(async ([path, body]) => post(proxy, path, body)));
      const wanted = answers.flat().filter((answer) => kind !== 'error' || isError(answer));
      expect(wanted.length).toBeGreaterThan(0);
      expect(faultsOf(kind, wanted)).toEqual((deviations[name]?.[kind] ?? []).toSorted());
    },
  );
});

test('the schemas find what is wrong', () => {
  const choice = { index: 0, message: { role: 'assistant', content: 'x', refusal: null }, logprobs: null };
  const completion = { id: 'a', object: 'chat.completion', created: 1, model: 'm' };
  expect(
    faultsOf('chat completion', [{ ...completion, choices: [{ ...choice, finish_reason: null }] }]),
  ).toEqual(['/choices/*/finish_reason must be equal to one of the allowed values']);
  expect(faultsOf('response event', [{ type: 'response.invented', sequence_number: 1 }])).not.toEqual([]);
  expect(faultsOf('error', [{ error: { message: 'no' } }])).toEqual([
    "/error must have required property 'code'",
    "/error must have required property 'param'",
    "/error must have required property 'type'",
  ]);
});

/** The JSON values of an answer: one, or one for each event. */
async function post({ url }: LocalProxy, path: string, body: object): Promise<readonly unknown[]> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true) return [JSON.parse(text)];
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line): unknown => JSON.parse(line.slice('data: '.length)));
}

function isError(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer && answer.error !== null;
}
