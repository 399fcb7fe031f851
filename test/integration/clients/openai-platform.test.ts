import { createHash } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIndependentMock } from '../support/independent-mock.ts';
import { startOpenAiService } from '../support/openai-service/openai-service.ts';
import { everyByte } from '../support/openai-service/platform.ts';
import { startTwoWays, type TwoWays, type Way } from '../support/two-ways.ts';

type Program = (client: OpenAI) => Promise<unknown>;
type Case = readonly [name: string, program: Program, expected: object | string];

const bytesOf = async (response: Response): Promise<Uint8Array> =>
  new Uint8Array(await response.arrayBuffer());
const lines = Buffer.from('{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{}}\n');
const sha256 = createHash('sha256').update(everyByte).digest('hex');
const sound = (): Promise<File> => toFile(everyByte, 'süß 1.wav', { type: 'audio/wav' });

/** What clients ask besides completions: none of it is routed, all of it arrives. */
const everywhere: readonly Case[] = [
  [
    'embeddings, as base64 underneath',
    (client) => client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'bc'] }),
    { object: 'list', data: [{ index: 0, embedding: expect.any(Array) }, { index: 1 }] },
  ],
  [
    'embeddings, as numbers',
    (client) => client.embeddings.create({ model: 'e', input: 'a', encoding_format: 'float' }),
    { data: [{ embedding: expect.any(Array) }] },
  ],
  ['models', async (client) => (await client.models.list()).data[0], { object: 'model' }],
  [
    'a file: sent, listed, deleted',
    async (client) => {
      const file = await toFile(lines, 'batch.jsonl', { type: 'application/jsonl' });
      const sent = await client.files.create({ file, purpose: 'batch' });
      const listed = await client.files.list({ purpose: 'batch', limit: 2 });
      return { sent, listed: listed.data.length, deleted: await client.files.delete(sent.id) };
    },
    { sent: { object: 'file', bytes: lines.length }, listed: 1, deleted: { deleted: true } },
  ],
  [
    'a transcription',
    async (client) => client.audio.transcriptions.create({ model: 'whisper-1', file: await sound() }),
    { text: expect.any(String) },
  ],
  [
    'speech',
    async (client) =>
      bytesOf(await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' })),
    expect.stringMatching(/^<bytes [0-9a-f]{8,}>$/),
  ],
  [
    'an image',
    (client) => client.images.generate({ model: 'gpt-image-1', prompt: 'a cat', size: '1024x1024' }),
    { data: [{ b64_json: expect.any(String) }] },
  ],
  [
    'a moderation',
    (client) => client.moderations.create({ model: 'omni-moderation-latest', input: ['one'] }),
    { results: [{ flagged: false }] },
  ],
];

/** What the independent mock does not have. */
const ourOwn: readonly Case[] = [
  ['a model by name', (client) => client.models.retrieve('gpt-4o'), { id: 'gpt-4o', object: 'model' }],
  [
    'a model by a name that must be escaped',
    (client) => client.models.retrieve('ft:gpt-4o:a/b c'),
    { id: 'ft:gpt-4o:a%2Fb%20c' },
  ],
  [
    'bytes of a file, each as it was',
    async (client) => bytesOf(await client.files.content('file-1')),
    `<bytes ${everyByte.toString('hex')}>`,
  ],
  [
    'bytes of an upload, each as it was, and its name',
    async (client) => client.files.create({ file: await sound(), purpose: 'user_data' }),
    { id: `file-${sha256}`, filename: 'süß 1.wav', bytes: everyByte.length },
  ],
  [
    'a transcription as text, with its settings',
    async (client) =>
      client.audio.transcriptions.create({
        model: 'whisper-1',
        file: await sound(),
        response_format: 'text',
        language: 'de',
        temperature: 0.2,
      }),
    expect.stringContaining(sha256),
  ],
  [
    'an edit of an image',
    async (client) =>
      client.images.edit({
        model: 'gpt-image-1',
        image: await toFile(everyByte, 'cat.png', { type: 'image/png' }),
        prompt: 'a hat',
      }),
    { data: [{ revised_prompt: expect.stringContaining(sha256) }] },
  ],
  [
    'a batch: made, looked at, cancelled',
    async (client) => {
      const made = await client.batches.create({
        input_file_id: 'file-7',
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      });
      return [made, await client.batches.retrieve(made.id), await client.batches.cancel(made.id)];
    },
    [{ input_file_id: 'file-7', status: 'validating' }, {}, { status: 'cancelling' }],
  ],
  [
    'a path that the client does not know',
    (client) => client.post('/new/thing', { body: { a: 1 } }).catch((error: unknown) => ({ error })),
    { error: { status: 404 } },
  ],
];

const upstreams = [
  ['an independent mock', startIndependentMock, everywhere],
  ['our own service', startOpenAiService, [...everywhere, ...ourOwn]],
] as const;

describe.each(upstreams)('the rest of the openai client, before %s', (_, start, programs) => {
  let ways: TwoWays;
  beforeAll(async () => {
    ways = await startTwoWays(await start());
  });
  afterAll(async () => ways.close());

  test.each(programs)('%s', async (_name, program, expected) => {
    const { result, answers } = await ways.compare(async (way: Way) =>
      program(new OpenAI({ ...way, apiKey: 'sk-client', maxRetries: 0 })),
    );
    expect(answers.length).toBeGreaterThan(0);
    if (typeof expected === 'string' || 'asymmetricMatch' in expected) expect(result).toEqual(expected);
    else expect(result).toMatchObject(expected);
  });
});
