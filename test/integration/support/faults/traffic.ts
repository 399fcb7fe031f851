import { OpenAI } from 'openai';
import { echoOf } from './echo-upstream.ts';

/** What was measured over a stretch of time, milliseconds. */
export interface Measured {
  readonly requests: number;
  /** Through Ratchet and, at the same moments, through a bare proxy: what the machine is busy with shows in both. */
  readonly through: Quantiles;
  readonly bare: Quantiles;
}

interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Feedback that was sent, possibly again and again until it was taken. */
export interface SentFeedback {
  readonly key: string;
  readonly id: string;
  readonly status: number;
}

/** Agents that ask and score without pause, to be watched while something breaks. */
export interface Traffic {
  /** Measures what is asked until the promise resolves. */
  readonly during: <Result>(fault: Promise<Result>) => Promise<Measured>;
  readonly forMs: (durationMs: number) => Promise<Measured>;
  /** Everything that was answered otherwise than straight from upstream. */
  readonly failures: () => readonly string[];
  /** Every answer to feedback so far, refusals too. */
  readonly feedback: () => readonly SentFeedback[];
  /** Asks no more, and sends feedback until all of it has been taken; rejects when that takes longer than 20 s. */
  readonly stop: () => Promise<void>;
}

export interface TrafficSettings {
  /** Base addresses of the server and of the bare proxy. */
  readonly url: string;
  readonly bareUrl: string;
  /** The tasks whose agents ask, in turn. */
  readonly tasks?: readonly string[];
  readonly agents?: number;
  /** Between an answer and the next request of an agent, milliseconds. */
  readonly pauseMs?: number;
}

/** The prompt of a task's agent. */
export const promptOf = (task: string): string => `You sort tickets of the department ${task}.`;

interface Sample {
  readonly endedAt: number;
  readonly throughMs: number;
  readonly bareMs: number;
}

const stopMsMax = 20_000;
let agentsEver = 0;

/** Starts agents. Each asks through Ratchet and through the bare proxy, in turns, and scores each decision. */
export function startTraffic(settings: TrafficSettings): Traffic {
  const { url, bareUrl, tasks = ['triage'], agents = 3, pauseMs = 12 } = settings;
  const samples: Sample[] = [];
  /** When each request that waits for its answer from Ratchet was sent. */
  const waiting = new Set<number>();
  const failures: string[] = [];
  const feedback: SentFeedback[] = [];
  const due: { readonly key: string; readonly id: string; readonly score: number }[] = [];
  let isStopped = false;
  const isAsking = (): boolean => !isStopped;

  const through = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-client', maxRetries: 0 });
  const bare = new OpenAI({ baseURL: `${bareUrl}/v1`, apiKey: 'sk-client', maxRetries: 0 });
  const ask = async (
    client: OpenAI,
    task: string,
    message: string,
  ): Promise<{ tookMs: number; id: string | null }> => {
    const startedAt = performance.now();
    const response = await client.chat.completions
      .create(
        {
          model: 'echo-1',
          messages: [
            { role: 'system', content: promptOf(task) },
            { role: 'user', content: message },
          ],
        },
        { headers: { 'x-ratchet-task': task } },
      )
      .asResponse();
    const text = await response.text();
    const tookMs = performance.now() - startedAt;
    if (response.status !== 200 || text !== echoOf(message)) failures.push(`${response.status} ${text}`);
    return { tookMs, id: response.headers.get('x-ratchet-decision') };
  };
  const converse = async (agent: number): Promise<void> => {
    for (let turn = 0; isAsking(); turn++) {
      const task = tasks[turn % tasks.length] ?? '';
      const message = `${agent}.${turn}`;
      try {
        // By turns, so that none of the two always has the warmer machine.
        const first = turn % 2 === 0 ? await ask(bare, task, message) : undefined;
        const askedAt = performance.now();
        waiting.add(askedAt);
        const { tookMs: throughMs, id } = await ask(through, task, message).finally(() =>
          waiting.delete(askedAt),
        );
        const { tookMs: bareMs } = first ?? (await ask(bare, task, message));
        samples.push({ endedAt: performance.now(), throughMs, bareMs });
        if (id !== null) due.push({ key: `key ${message}`, id, score: turn % 2 });
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
      await pause(pauseMs);
    }
  };
  const score = async (): Promise<void> => {
    while (isAsking() || due.length > 0) {
      const next = due.shift();
      if (next === undefined) {
        await pause(pauseMs);
        continue;
      }
      const response = await fetch(`${url}/v1/feedback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client' },
        body: JSON.stringify(next),
      });
      const text = await response.text();
      const { key, id } = next;
      feedback.push({ key, id, status: response.status });
      if (response.status === 200 || response.status === 202) continue;
      if (response.status !== 503 || response.headers.get('retry-after') === null)
        failures.push(`feedback: ${response.status} ${text}`);
      else {
        due.push(next);
        await pause(100);
      }
    }
  };

  const working = [
    ...Array.from({ length: agents }, () => converse(agentsEver++)),
    ...Array.from({ length: 2 }, score),
  ];
  const measure = async (until: Promise<unknown>): Promise<Measured> => {
    const startedAt = performance.now();
    await until;
    const now = performance.now();
    const ended = samples.filter(({ endedAt }) => endedAt >= startedAt);
    // What still waits has waited at least this long.
    const open = [...waiting].map((askedAt) => now - askedAt);
    return {
      requests: ended.length,
      through: quantilesOf([...ended.map(({ throughMs }) => throughMs), ...open]),
      bare: quantilesOf(ended.map(({ bareMs }) => bareMs)),
    };
  };
  return {
    during: measure,
    forMs: (durationMs) => measure(pause(durationMs)),
    failures: () => failures,
    feedback: () => feedback,
    stop: async () => {
      isStopped = true;
      const late = pause(stopMsMax).then(() => {
        throw new Error(`${due.length} feedbacks were not taken within ${stopMsMax} ms`);
      });
      late.catch(() => {});
      await Promise.race([Promise.all(working), late]);
    },
  };
}

function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs).unref();
  });
}
