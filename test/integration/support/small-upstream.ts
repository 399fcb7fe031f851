import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A model for tests: answers every chat completion with one word, and remembers what it was asked. */
export interface SmallUpstream {
  readonly url: string;
  readonly requests: () => readonly UpstreamRequest[];
  readonly close: () => Promise<void>;
}

interface UpstreamRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model?: string;
    readonly stream?: boolean;
    readonly messages?: readonly unknown[];
  };
}

/** Starts a model on a free port. A stream pauses `pauseMs` between its chunks. */
export async function startSmallUpstream(pauseMs = 5): Promise<SmallUpstream> {
  const requests: UpstreamRequest[] = [];
  let served = 0;
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const body = text === '' ? {} : JSON.parse(text);
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      served += 1;
      const id = `chatcmpl-${served}`;
      if (body.stream === true) return void streamAnswer(response, id, pauseMs);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(completion(id)));
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function completion(id: string): object {
  return {
    id,
    object: 'chat.completion',
    created: 1_800_000_000,
    model: 'small-1',
    choices: [{ index: 0, message: { role: 'assistant', content: 'billing' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 20, completion_tokens: 1, total_tokens: 21 },
  };
}

async function streamAnswer(response: ServerResponse, id: string, pauseMs: number): Promise<void> {
  response.setHeader('content-type', 'text/event-stream');
  for (const content of ['bil', 'ling', null]) {
    const choice = {
      index: 0,
      delta: content === null ? {} : { content },
      finish_reason: content === null ? 'stop' : null,
    };
    const chunk = { id, object: 'chat.completion.chunk', created: 1, model: 'small-1', choices: [choice] };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  response.end('data: [DONE]\n\n');
}
