import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { bodyOf, listen } from '../local-proxy.ts';
import type { ComparedUpstream, SeenCall } from '../two-ways.ts';
import { idOf, isObject, type Answer, type Json, type Question } from './answer.ts';
import { answerChat } from './chat.ts';
import { platform } from './platform.ts';
import { answerResponse } from './responses.ts';

/** A service with OpenAI's API that answers the same question with the same bytes, whoever asks and however often. */
export interface OpenAiService extends ComparedUpstream {
  /** Resolves when a client has left a stream that does not end. */
  readonly abandoned: () => Promise<void>;
}

/** What the service tells of its limits with every answer. */
const limitHeaders: Readonly<Record<string, string>> = {
  'openai-organization': 'org-1',
  'openai-processing-ms': '12',
  'openai-version': '2020-10-01',
  'x-ratelimit-limit-requests': '500',
  'x-ratelimit-remaining-requests': '499',
  'x-ratelimit-reset-requests': '120ms',
};

/** Error answers, asked for by a model `fails-<status>`. */
const errors: Readonly<Record<string, readonly [type: string, code: string | null, param: string | null]>> = {
  400: ['invalid_request_error', 'unsupported_value', 'temperature'],
  401: ['invalid_request_error', 'invalid_api_key', null],
  403: ['invalid_request_error', 'unsupported_country', null],
  404: ['invalid_request_error', 'model_not_found', null],
  409: ['conflict_error', null, null],
  422: ['invalid_request_error', null, null],
  429: ['requests', 'rate_limit_exceeded', null],
  500: ['server_error', null, null],
};

/** Starts the service on a free port. */
export async function startOpenAiService(): Promise<OpenAiService> {
  let seen: SeenCall[] = [];
  let abandoned = Promise.withResolvers<void>();
  const server = await listen((request, response) => {
    void answer(request).then(
      ([question, made]) => {
        const { method, path, headers, body } = question;
        seen.push({ method, path, headers, body: textOrBytes(body) });
        if (made.isEndless === true)
          response.once('close', () => {
            abandoned.resolve();
            abandoned = Promise.withResolvers();
          });
        return send(response, question, made);
      },
      () => response.destroy(),
    );
  });
  return {
    ...server,
    random: { text: /formdata-undici-\d+/g, times: false },
    take: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
    abandoned: () => abandoned.promise,
  };
}

async function answer(request: IncomingMessage): Promise<readonly [Question, Answer]> {
  const body = await bodyOf(request);
  const url = new URL(request.url ?? '', 'http://service');
  const question: Question = {
    method: request.method ?? '',
    path: url.pathname.replace(/^\/v1/, ''),
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body,
    json: jsonOf(body),
  };
  return [question, failureOf(question) ?? (await answerOf(question))];
}

function answerOf(question: Question): Answer | Promise<Answer> {
  const { method, path } = question;
  if (method === 'POST' && path === '/chat/completions') return answerChat(question);
  if (method === 'POST' && path === '/responses') return answerResponse(question);
  for (const [verb, pattern, handler] of platform) {
    const found = verb === method ? pattern.exec(path) : null;
    if (found !== null) return handler(question, found[1] ?? '');
  }
  return { status: 404, body: { error: { message: `no ${method} ${path}`, type: 'invalid_request_error' } } };
}

/** A model `fails-429` always fails so; `fails-429-once` only until the client says that it tries again. */
function failureOf({ json, headers }: Question): Answer | undefined {
  const [, status, isOnce] = /^fails-(\d{3})(-once)?$/.exec(String(json['model'])) ?? [];
  if (status === undefined) return undefined;
  if (isOnce !== undefined && headers['x-stainless-retry-count'] !== '0') return undefined;
  const [type, code, param] = errors[status] ?? ['server_error', null, null];
  return {
    status: Number(status),
    headers: status === '429' ? { 'retry-after': '1', 'retry-after-ms': '5' } : {},
    body: { error: { message: `It is ${status}.`, type, code, param } },
  };
}

async function send(response: ServerResponse, question: Question, made: Answer): Promise<void> {
  // The boundary between the parts of a form is random, so that a form is told by its path alone.
  const isForm = question.headers['content-type']?.startsWith('multipart/') === true;
  const id = idOf('req_', question.path, isForm ? '' : question.body);
  const head = { 'x-request-id': id, ...limitHeaders, ...made.headers };
  const { status = 200, body } = made;
  if (!Array.isArray(body)) {
    const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    response.writeHead(status, {
      'content-type': 'application/json',
      ...head,
      'content-length': bytes.length,
    });
    response.end(bytes);
    return;
  }
  response.writeHead(status, { 'content-type': 'text/event-stream; charset=utf-8', ...head });
  for (const piece of body) if (!response.write(piece)) await once(response, 'drain');
  if (made.isEndless !== true) response.end();
}

function jsonOf(body: Buffer): Json {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Text where the bytes are some, so that a difference can be read. */
function textOrBytes(body: Buffer): string {
  const text = body.toString();
  return Buffer.from(text).equals(body) ? text : body.toString('latin1');
}
