import { answerText } from '../upstreams/answer.ts';
import { prose } from './prose.ts';

/** A request as a template: path below the base URL, its own headers, and the body. */
export interface RequestTemplate {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Tasks that requests take turns on; 1 where the text names none. */
  readonly tasks: number;
}

/** What OpenAI's own client for JavaScript sends with each request. */
const clientHeaders: Readonly<Record<string, string>> = {
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'OpenAI/JS 6.0.0',
  'x-stainless-retry-count': '0',
  'x-stainless-lang': 'js',
  'x-stainless-package-version': '6.0.0',
  'x-stainless-os': 'Linux',
  'x-stainless-arch': 'x64',
  'x-stainless-runtime': 'node',
  'x-stainless-runtime-version': 'v24.0.0',
  authorization: 'Bearer sk-bench-<<scope->>',
};

/** The whole request as raw HTTP, for a server at `host` whose API begins at `root`. */
export function rawRequest(
  { path, headers, body }: RequestTemplate,
  { host, root, added }: RequestTarget,
): string {
  const all = {
    host,
    ...clientHeaders,
    ...headers,
    ...added,
    'content-length': String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${root}${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** Where a request goes. */
export interface RequestTarget {
  readonly host: string;
  readonly root: string;
  /** Headers that this server wants besides. */
  readonly added: Readonly<Record<string, string>>;
}

/** A phrase that stands in every system prompt, so that the edited variant has an anchor. */
export const anchor = 'Answer in the language of the customer.';

/** A chat of about 1 KB: a system prompt of 500 characters and a ticket, both of which differ from request to request. */
export const smallChat: RequestTemplate = chat('small', [
  system(`You sort the support tickets of a small online shop. ${anchor}`, 320),
  user('Ticket <<unique->>: ', 350),
]);

/** The first turn of a chat of about 30 KB: a long system prompt, ten tools with their schemas, a long message. */
export const largeOpening: RequestTemplate = largeTurn([]);

/** A later turn of that chat, about 32 KB, with what was said since; its first turn is one of 256. */
export const largeChat: RequestTemplate = largeTurn([
  { role: 'assistant', content: answerText },
  ...Array.from({ length: 2 }, (_, turn) => [
    user(`And for ${turn + 1} more? `, 100),
    assistant(`Step ${turn}. `, 500),
  ]).flat(),
  user('Booking <<unique->>: ', 200),
]);

function largeTurn(later: readonly Message[]): RequestTemplate {
  const messages = [
    system(`You are the booking assistant of a travel agency. ${anchor}`, 5_000),
    user('Trip <<few->>: ', 5_000),
    ...later,
  ];
  const tools = Array.from({ length: 10 }, (_, index) => tool(index, 1_800));
  return chat('large', messages, { tools, tool_choice: 'auto' });
}

/** A chat of about 1 KB whose answer is streamed, `chunks` pieces with pauses of `pauseMs` between them. */
export function streamedChat(chunks: number, pauseMs: number): RequestTemplate {
  const messages = [
    system(`You write product texts for an online shop. ${anchor}`, 320),
    user('Product <<unique->>: ', 200),
  ];
  return chat(`stream-${chunks}x${pauseMs}`, messages, { stream: true });
}

/** A request of about 1 KB that passes through: no prompt in it. */
export const embeddings: RequestTemplate = {
  path: '/embeddings',
  headers: {},
  body: JSON.stringify({ model: 'embedding', input: `<<unique->> ${prose('passage', 900)}` }),
  tasks: 1,
};

/** Of our prose, in UTF-8. */
const bytesPerCharacter = 1.1;

/** A chat of about `bytes` bytes, all of it but the system prompt in one user message. */
export function chatOfBytes(bytes: number): RequestTemplate {
  const prompt = system(`You summarise documents. ${anchor}`, 320);
  return chat('size', [
    prompt,
    user('Document <<unique->>: ', Math.max(10, (bytes - 550) / bytesPerCharacter)),
  ]);
}

/**
 * A conversation of `turns` turns, the client's newest message last; each message about 200 characters. Its beginning is
 * one of 256, so that a server that has answered the first turns knows the conversation again.
 */
export function chatOfTurns(turns: number): RequestTemplate {
  const earlier = Array.from({ length: turns - 1 }, (_, turn) => [
    user(turn === 0 ? 'Case <<few->>: ' : `Question ${turn}: `, 150),
    { role: 'assistant', content: turn === 0 ? answerText : `Answer ${turn}: ${prose('answer', 200)}` },
  ]).flat();
  return chat('turns', [
    system(`You help customers of a bank. ${anchor}`, 320),
    ...earlier,
    user(turns === 1 ? 'Case <<few->>: ' : 'And now: ', 150),
  ]);
}

/** Chats that take turns on many tasks. `named`: by header; else each prompt is recognised. */
export function chatOfTasks(tasks: number, kind: 'named' | 'automatic'): RequestTemplate {
  const request = chat('tasks', [
    { role: 'system', content: taskPrompt('<<task->>', ' Request <<unique->>.') },
    user('Ticket <<unique->>: ', 200),
  ]);
  const headers: Readonly<Record<string, string>> =
    kind === 'named' ? { 'x-ratchet-task': 'agent-<<task->>', authorization: 'Bearer sk-bench-named' } : {};
  return { ...request, headers, tasks };
}

/** The prompt of one of many tasks: the number is part of its first sentence, and `slot` of its last. */
export function taskPrompt(number: string, slot: string): string {
  return `You are agent ${number} of a service desk. ${anchor} ${prose('desk', 320)}${slot}`;
}

interface Message {
  readonly role: string;
  readonly content: string;
}

function chat(model: string, messages: readonly Message[], others: object = {}): RequestTemplate {
  return {
    path: '/chat/completions',
    headers: {},
    body: JSON.stringify({ model: `bench-${model}`, messages, temperature: 0.2, ...others }),
    tasks: 1,
  };
}

function system(start: string, length: number): Message {
  return { role: 'system', content: `${start} ${prose(start, length)} Today the till is number <<few->>.` };
}

function user(start: string, length: number): Message {
  return { role: 'user', content: start + prose(start, length) };
}

function assistant(start: string, length: number): Message {
  return { role: 'assistant', content: start + prose(start, length) };
}

function tool(index: number, length: number): object {
  const properties = Object.fromEntries(
    Array.from({ length: 8 }, (_, field) => [
      `field_${field}`,
      { type: 'string', description: prose(`field ${field}`, Math.max(10, length / 8 - 60)) },
    ]),
  );
  return {
    type: 'function',
    function: { name: `tool_${index}`, parameters: { type: 'object', properties, required: ['field_0'] } },
  };
}
