import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A model that answers with the last message it was sent, in bytes that whoever asked can foretell. */
export interface EchoUpstream {
  readonly url: string;
  /** The prompt that came with the newest request that ended with this message. */
  readonly promptOf: (message: string) => string | undefined;
  /** Lets the streams that are open end; new ones too. */
  readonly endStreams: () => void;
  readonly openStreams: () => number;
  readonly close: () => Promise<void>;
}

interface ChatBody {
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
}

/** The body of the answer to a message, to the byte. */
export function echoOf(message: string): string {
  return JSON.stringify({
    id: `chatcmpl-${message}`,
    object: 'chat.completion',
    created: 1_800_000_000,
    model: 'echo-1',
    choices: [{ index: 0, message: { role: 'assistant', content: message }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 20, completion_tokens: 1, total_tokens: 21 },
  });
}

/** What a stream begins and ends with, to the byte. */
export const streamHead =
  'data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
export const streamTail = 'data: [DONE]\n\n';

/** Starts a model on a free port. A stream stays open after its first chunk until `endStreams`. */
export async function startEchoUpstream(): Promise<EchoUpstream> {
  const prompts = new Map<string, string>();
  const streams = new Set<ServerResponse>();
  let isEnding = false;
  const server = createServer((request, response) => {
    void readBody(request).then(({ text, body }) => {
      const last = body.messages?.at(-1)?.content ?? text;
      prompts.set(last, body.messages?.[0]?.content ?? '');
      if (body.stream !== true) {
        response.setHeader('content-type', 'application/json');
        response.end(echoOf(last));
        return;
      }
      response.setHeader('content-type', 'text/event-stream');
      response.write(streamHead);
      if (isEnding) return void response.end(streamTail);
      streams.add(response);
      response.once('close', () => streams.delete(response));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    promptOf: (message) => prompts.get(message),
    endStreams: () => {
      isEnding = true;
      for (const stream of streams) stream.end(streamTail);
    },
    openStreams: () => streams.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A body that is no JSON, or far too long to be worth reading, is answered by its length. */
async function readBody(
  request: IncomingMessage,
): Promise<{ readonly text: string; readonly body: ChatBody }> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > 1_000_000) return { text: String(bytes.length), body: {} };
  const text = bytes.toString();
  return { text, body: text === '' ? {} : (JSON.parse(text) as ChatBody) };
}
