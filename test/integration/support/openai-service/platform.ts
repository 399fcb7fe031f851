import { createHash } from 'node:crypto';
import { Response } from 'undici';
import { idOf, isObject, type Answer, type Json, type Question } from './answer.ts';

/** Answers everything but completions: models, embeddings, files, audio, images, batches, moderations. */
export const platform: readonly (readonly [method: string, path: RegExp, answer: Handler])[] = [
  ['GET', /^\/models$/, () => ({ body: list([model('gpt-4o'), model('gpt-4o-mini')]) })],
  ['GET', /^\/models\/([^/]+)$/, (_, id) => ({ body: model(id) })],
  ['POST', /^\/embeddings$/, answerEmbeddings],
  ['POST', /^\/moderations$/, answerModeration],
  ['POST', /^\/files$/, answerUpload],
  ['GET', /^\/files\/([^/]+)\/content$/, () => ({ headers: binary, body: everyByte })],
  ['GET', /^\/files$/, ({ query }) => ({ body: list([file('file-1', query.get('purpose') ?? 'batch')]) })],
  ['DELETE', /^\/files\/([^/]+)$/, (_, id) => ({ body: { id, object: 'file', deleted: true } })],
  ['POST', /^\/audio\/transcriptions$/, answerTranscription],
  ['POST', /^\/audio\/speech$/, () => ({ headers: { 'content-type': 'audio/mpeg' }, body: everyByte })],
  ['POST', /^\/images\/generations$/, answerImage],
  ['POST', /^\/images\/edits$/, answerImage],
  ['POST', /^\/batches$/, ({ json }) => ({ body: batch(idOf('batch_', JSON.stringify(json)), json) })],
  ['GET', /^\/batches\/([^/]+)$/, (_, id) => ({ body: batch(id, {}) })],
  ['POST', /^\/batches\/([^/]+)\/cancel$/, (_, id) => ({ body: { ...batch(id, {}), status: 'cancelling' } })],
  [
    'POST',
    /^\/conversations$/,
    ({ json }) => ({ body: conversation(idOf('conv_', JSON.stringify(json)), json) }),
  ],
  ['GET', /^\/conversations\/([^/]+)$/, (_, id) => ({ body: conversation(id, {}) })],
];

type Handler = (question: Question, id: string) => Answer | Promise<Answer>;

/** Every byte, in an order that no text has. */
export const everyByte: Buffer = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 167) % 256));

const binary = { 'content-type': 'application/octet-stream' };
const created = 1_790_000_000;

function list(data: readonly Json[]): Json {
  return { object: 'list', data, first_id: data[0]?.['id'], last_id: data.at(-1)?.['id'], has_more: false };
}

function model(id: string): Json {
  return { id, object: 'model', created, owned_by: 'openai' };
}

function file(id: string, purpose: string, more: Json = {}): Json {
  return {
    id,
    object: 'file',
    bytes: 120,
    created_at: created,
    filename: 'a.jsonl',
    purpose,
    status: 'processed',
    ...more,
  };
}

function batch(id: string, { endpoint, input_file_id, completion_window }: Json): Json {
  return {
    id,
    object: 'batch',
    endpoint: endpoint ?? '/v1/chat/completions',
    errors: null,
    input_file_id: input_file_id ?? 'file-1',
    completion_window: completion_window ?? '24h',
    status: 'validating',
    created_at: created,
    request_counts: { total: 0, completed: 0, failed: 0 },
    metadata: null,
  };
}

function conversation(id: string, { metadata }: Json): Json {
  return { id, object: 'conversation', created_at: created, metadata: metadata ?? {} };
}

/** Four numbers of which nothing is lost on the way, in the encoding that was asked for. */
function answerEmbeddings({ json }: Question): Answer {
  const inputs = Array.isArray(json['input']) ? json['input'] : [json['input']];
  const data = inputs.map((input, index) => {
    const numbers = Float32Array.from([0.5, -0.25, index, String(input).length / 8]);
    const embedding =
      json['encoding_format'] === 'base64' ? Buffer.from(numbers.buffer).toString('base64') : [...numbers];
    return { object: 'embedding', index, embedding };
  });
  return {
    body: { object: 'list', data, model: json['model'], usage: { prompt_tokens: 4, total_tokens: 4 } },
  };
}

function answerModeration({ json }: Question): Answer {
  const categories = { violence: false, hate: false };
  const result = {
    flagged: false,
    categories,
    category_scores: { violence: 1e-7, hate: 2.5e-5 },
    category_applied_input_types: { violence: ['text'], hate: ['text'] },
  };
  return {
    body: { id: idOf('modr-', JSON.stringify(json)), model: 'omni-moderation-latest', results: [result] },
  };
}

/** The parts of a multipart body: text as it is, files by name, type, length and hash. */
async function partsOf({ body, headers }: Question): Promise<Json> {
  const { 'content-type': type = '' } = headers;
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const parts: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      parts[name] = value;
      continue;
    }
    const bytes = Buffer.from(await value.arrayBuffer());
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    parts[name] = { filename: value.name, type: value.type, bytes: bytes.length, sha256 };
  }
  return parts;
}

async function answerUpload(question: Question): Promise<Answer> {
  const { file: sent, purpose } = await partsOf(question);
  if (!isObject(sent)) return { status: 400, body: { error: { message: 'no file' } } };
  const { filename, bytes, sha256 } = sent;
  return { body: file(`file-${String(sha256)}`, String(purpose), { filename, bytes }) };
}

async function answerTranscription(question: Question): Promise<Answer> {
  const parts = await partsOf(question);
  const text = JSON.stringify(parts);
  if (parts['response_format'] === 'text')
    return { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(`${text}\n`) };
  return { body: { text, usage: { type: 'duration', seconds: 1 } } };
}

async function answerImage(question: Question): Promise<Answer> {
  const isForm = question.headers['content-type']?.startsWith('multipart/') === true;
  const asked = isForm ? await partsOf(question) : question.json;
  const image = { b64_json: everyByte.toString('base64'), revised_prompt: JSON.stringify(asked) };
  return { body: { created, data: [image], usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } } };
}
