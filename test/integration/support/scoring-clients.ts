import type { ServerProcess } from './server-process.ts';

/** A score that a server has acknowledged. */
export interface Score {
  readonly id: string;
  readonly score: number;
  readonly key: string;
}

/** Clients at work, and what they were promised. */
export interface ScoringClients {
  /** Everything acknowledged so far; grows. */
  readonly acknowledged: () => readonly Score[];
  /** Resolves when this many more scores have been acknowledged. */
  readonly more: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Longest wait for a number of acknowledgements, milliseconds. */
const waitMsMax = 30_000;

/** Starts clients that ask and score without a pause. */
export function startScoringClients(server: ServerProcess, clients = 6): ScoringClients {
  const acknowledged: Score[] = [];
  const stopping = new AbortController();
  const converse = async (client: number): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const answer = await postJson(server, '/v1/chat/completions', {
        model: 'small-1',
        messages: [
          { role: 'system', content: 'You sort support tickets.' },
          { role: 'user', content: `client ${client} asks for the ${turn}th time` },
        ],
      });
      await answer.text();
      const id = answer.headers.get('x-ratchet-decision');
      if (id === null) continue;
      const score = { id, score: turn % 2, key: `turn ${turn} of ${client}` };
      const feedback = await postJson(server, '/v1/feedback', score);
      await feedback.text();
      if (feedback.status === 200) acknowledged.push(score);
    }
  };
  const work = Promise.all(Array.from({ length: clients }, async (_, client) => converse(client)));
  return {
    acknowledged: () => acknowledged,
    more: async (count) => {
      const wanted = acknowledged.length + count;
      const deadline = performance.now() + waitMsMax;
      while (acknowledged.length < wanted) {
        if (performance.now() > deadline) throw new Error(`no ${count} acknowledgements`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
}

/** Sends acknowledged scores again; returns how often each outcome was told. */
export async function sendAgain(
  server: ServerProcess,
  scores: readonly Score[],
): Promise<Readonly<Record<string, number>>> {
  const outcomes: Record<string, number> = {};
  for (let from = 0; from < scores.length; from += 500) {
    const answer = await postJson(server, '/v1/feedback', scores.slice(from, from + 500));
    const text = await answer.text();
    for (const [, outcome = ''] of text.matchAll(/"(?:outcome|status)":"([a-z-]+)"/g))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return outcomes;
}

/** Posts a body to a server, for the task of these clients. */
async function postJson(server: ServerProcess, path: string, body: object): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-ratchet-task': 'triage' },
    body: JSON.stringify(body),
  });
}
