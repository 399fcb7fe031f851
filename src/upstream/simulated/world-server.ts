import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.ts';
import { RatchetError } from '../../domain/ratchet-error.ts';
import type { ServedAnswer } from './agent.ts';
import { parseChatRequest } from './chat-request.schema.ts';
import { completionBody, completionChunks } from './completion-body.ts';
import { readBody, sendError, sendJson } from './json-exchange.ts';
import { createKeptItems, type KeptItems } from './kept-items.ts';
import { agentModelName, judgeModelName, optimizerModelName } from './model-names.ts';
import { outputItems, responseBody, responseEvents } from './response-body.ts';
import { parseResponsesRequest } from './responses-request.schema.ts';
import type { RunningWorld } from './running-world.ts';
import type { SimulatedAnswer } from './simulated-model.ts';

export interface WorldServerOptions {
  /** Stamps completions, and makes their ids differ between runs. */
  readonly clock: Clock;
  /** Loopback port. Default 0: any free one. */
  readonly port?: number;
  /** Real milliseconds spent per simulated millisecond of latency. Default 0: answer at once. */
  readonly latencyScale?: number;
}

/** A world's models as an OpenAI-compatible server on loopback. */
export interface WorldServer {
  /** Base URL for OpenAI clients, `/v1` included. */
  readonly url: string;
  /** What a completion or response of the agent's model was, and under which system prompt; the newest 10,000 are known. */
  readonly servedAnswer: (completionId: string) => ServedAnswer | undefined;
  /** Requests so far, by what became of them. */
  readonly counts: () => WorldServerCounts;
  /** Stops listening and ends requests under way. */
  readonly close: () => Promise<void>;
}

interface WorldServerCounts {
  readonly completions: number;
  readonly streams: number;
  readonly errors: number;
}

const servedMax = 10_000;

/** Starts a server for a running world. Rejects when the port is taken. */
export async function startWorldServer(
  world: RunningWorld,
  options: WorldServerOptions,
): Promise<WorldServer> {
  const state: ServerState = {
    world,
    clock: options.clock,
    latencyScale: options.latencyScale ?? 0,
    runId: options.clock.now().toString(36),
    counts: { completions: 0, streams: 0, errors: 0 },
    served: new Map(),
    kept: createKeptItems(),
  };
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error: unknown) => {
      state.counts.errors += 1;
      sendError(response, error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    servedAnswer: (completionId) => state.served.get(completionId),
    counts: () => ({ ...state.counts }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface ServerState {
  readonly world: RunningWorld;
  readonly clock: Clock;
  readonly latencyScale: number;
  readonly runId: string;
  readonly counts: { completions: number; streams: number; errors: number };
  readonly served: Map<string, ServedAnswer>;
  readonly kept: KeptItems;
}

async function handle(state: ServerState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'POST' && path === '/v1/chat/completions') await complete(state, request, response);
  else if (request.method === 'POST' && path === '/v1/responses') await respond(state, request, response);
  else if (request.method === 'GET' && path === '/v1/models') sendJson(response, 200, modelList(state.clock));
  else throw new RatchetError('not_found', `There is no ${request.method ?? ''} ${path ?? ''} here`);
}

async function complete(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { request: chat, isStream, isUsageIncluded } = parseChatRequest(await readBody(request));
  const answer = state.world.answer(chat);
  if (!(await spend(answer.latencyMs * state.latencyScale, response))) return;
  const id = `chatcmpl-${state.runId}-${countServed(state, isStream)}`;
  if (answer.role === 'agent') keepServed(state.served, id, answer);
  const created = Math.floor(state.clock.now() / 1000);
  const wire = { id, created, model: chat.model, completion: answer.completion, usage: answer.usage };
  if (!isStream) {
    sendJson(response, 200, completionBody(wire));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const chunk of completionChunks(wire, isUsageIncluded))
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end('data: [DONE]\n\n');
}

async function respond(
  state: ServerState,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wire = parseResponsesRequest(await readBody(incoming));
  const { request, isStream, isKept, conversationId } = wire;
  const items = state.kept.itemsFor(wire);
  const answer: SimulatedAnswer = state.world.answer({ ...request, input: items });
  if (!(await spend(answer.latencyMs * state.latencyScale, response))) return;
  const id = `resp_${state.runId}_${countServed(state, isStream)}`;
  if (answer.role === 'agent') keepServed(state.served, id, answer);
  const output = outputItems(id, answer.completion);
  if (isKept) state.kept.keep({ responseId: id, conversationId, items, output });
  const created = Math.floor(state.clock.now() / 1000);
  const said = { id, created, request, output, usage: answer.usage };
  if (!isStream) {
    sendJson(response, 200, responseBody(said));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const event of responseEvents(said))
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}

/** Counts an answer; its number makes its id. */
function countServed({ counts }: ServerState, isStream: boolean): number {
  counts[isStream ? 'streams' : 'completions'] += 1;
  return counts.streams + counts.completions;
}

/** Waits; `false` when the client went away meanwhile. */
async function spend(latencyMs: number, response: ServerResponse): Promise<boolean> {
  if (latencyMs <= 0) return true;
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  response.once('close', abort);
  try {
    await sleep(latencyMs, undefined, { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.off('close', abort);
  }
}

function keepServed(
  served: Map<string, ServedAnswer>,
  id: string,
  { completion, prompt }: ServedAnswer,
): void {
  served.set(id, { completion, prompt });
  const oldest = served.keys().next();
  if (served.size > servedMax && oldest.done !== true) served.delete(oldest.value);
}

function modelList(clock: Clock): object {
  const created = Math.floor(clock.now() / 1000);
  const names = [agentModelName, optimizerModelName, judgeModelName];
  return {
    object: 'list',
    data: names.map((id) => ({ id, object: 'model', created, owned_by: 'ratchet-world' })),
  };
}
