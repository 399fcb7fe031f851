import { fileURLToPath } from 'node:url';
import { startProcess } from '../child-process.ts';
import { cores, type Tools } from '../machine.ts';
import type { ClosedLoopResult } from './closed-loop.ts';
import type { LoadAnswer, LoadOrder } from './load-messages.ts';
import type { OpenLoopResult } from './open-loop.ts';
import { rawRequest, type RequestTemplate } from './requests.ts';
import { runWrk } from './wrk.ts';

/** A server to send requests to. */
export interface LoadTarget {
  readonly port: number;
  /** Where its API begins: `/v1`. */
  readonly root: string;
  /** Headers that it wants besides. */
  readonly addedHeaders: Readonly<Record<string, string>>;
}

/** Sends requests from the other core. One call at a time. */
export interface LoadGenerator {
  /** As fast as `connections` are answered, for whole seconds. By wrk where there is one. */
  readonly saturate: (
    target: LoadTarget,
    request: RequestTemplate,
    load: { readonly connections: number; readonly seconds: number },
  ) => Promise<ClosedLoopResult>;
  /** So many requests, each connection one after another. */
  readonly repeat: (
    target: LoadTarget,
    request: RequestTemplate,
    load: { readonly connections: number; readonly requests: number },
  ) => Promise<ClosedLoopResult>;
  /** At a fixed rate per second. */
  readonly pace: (
    target: LoadTarget,
    request: RequestTemplate,
    load: { readonly rate: number; readonly seconds: number },
  ) => Promise<OpenLoopResult>;
  /** Opens so many more streams; resolves to how many failed. */
  readonly hold: (target: LoadTarget, request: RequestTemplate, count: number) => Promise<number>;
  readonly release: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Numbers that a load may use up, so that no two requests of a run are alike. */
const numbersPerLoad = 10_000_000;

/** Longest time that a counted load may take, seconds. */
const countedSecondsMax = 3_600;

/** Starts the generator. */
export async function startLoadGenerator(tools: Tools): Promise<LoadGenerator> {
  const pin = tools.taskset === undefined ? undefined : { taskset: tools.taskset, core: cores.rest };
  const loader = await startProcess({
    command: process.execPath,
    parameters: [fileURLToPath(new URL('./load.process.ts', import.meta.url))],
    pin,
    ready: { announcement: (line) => (line === 'listening for-orders' ? line : undefined) },
    isMessaging: true,
  });
  let settle: ((answer: LoadAnswer) => void) | undefined;
  loader.onMessage((answer) => settle?.(answerOf(answer)));
  const order = async (message: LoadOrder): Promise<LoadAnswer> => {
    const { promise, resolve } = Promise.withResolvers<LoadAnswer>();
    settle = resolve;
    loader.send(message);
    const answer = await promise;
    if (answer.kind === 'failed') throw new Error(`the load generator failed: ${answer.message}`);
    return answer;
  };
  let number = 0;
  const aim = (
    { port, root, addedHeaders }: LoadTarget,
    request: RequestTemplate,
  ): { port: number; template: string; tasks: number; start: number } => {
    number += numbersPerLoad;
    const template = rawRequest(request, { host: `127.0.0.1:${port}`, root, added: addedHeaders });
    return { port, template, tasks: request.tasks, start: number };
  };
  const closedLoop = async (
    message: Extract<LoadOrder, { kind: 'closed-loop' }>,
  ): Promise<ClosedLoopResult> => {
    const answer = await order(message);
    if (answer.kind !== 'closed-loop') throw new Error(`unexpected answer ${answer.kind}`);
    return answer.result;
  };
  const { wrk } = tools;
  return {
    saturate: async (target, request, load) =>
      wrk === undefined
        ? closedLoop({ kind: 'closed-loop', ...aim(target, request), ...load, requestsMax: numbersPerLoad })
        : runWrk({ wrk, pin, ...aim(target, request), ...load }),
    repeat: async (target, request, { connections, requests }) =>
      closedLoop({
        kind: 'closed-loop',
        ...aim(target, request),
        connections,
        seconds: countedSecondsMax,
        requestsMax: requests,
      }),
    pace: async (target, request, load) => {
      const answer = await order({ kind: 'open-loop', ...aim(target, request), ...load });
      if (answer.kind !== 'open-loop') throw new Error(`unexpected answer ${answer.kind}`);
      return answer.result;
    },
    hold: async (target, request, count) => {
      const answer = await order({ kind: 'hold-streams', ...aim(target, request), count });
      return answer.kind === 'streams' ? answer.failed : count;
    },
    release: async () => void (await order({ kind: 'release-streams' })),
    stop: () => loader.stop(),
  };
}

/** Our own process wrote it; what matters is that it is one of the kinds. */
function answerOf(message: unknown): LoadAnswer {
  if (isAnswer(message)) return message;
  return { kind: 'failed', message: 'an answer of no known kind' };
}

function isAnswer(message: unknown): message is LoadAnswer {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
