import { Pool } from 'undici';
import type { Proxy } from './cluster.ts';

/** What was asked and scored. */
export interface Served {
  readonly requests: number;
  readonly feedbacks: number;
  readonly seconds: number;
}

/** Requests that wait for their answer at a time, at each proxy. */
const clientsEach = 4;

const taskHeaders = { 'content-type': 'application/json', 'x-ratchet-task': 'scale' };

let asked = 0;

/** Asks once; resolves to the signed id of the decision. */
export async function ask(pool: Pool): Promise<string> {
  asked += 1;
  const messages = [
    { role: 'system', content: 'You sort support tickets. Answer with the name of the queue.' },
    { role: 'user', content: `Ticket ${asked}: I was charged twice this month.` },
  ];
  const { statusCode, headers, body } = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: taskHeaders,
    body: JSON.stringify({ model: 'small-1', messages }),
  });
  await body.dump();
  const id = headers['x-ratchet-decision'];
  if (statusCode !== 200 || typeof id !== 'string')
    throw new Error(`a request was answered with ${statusCode}`);
  return id;
}

async function score(pool: Pool, id: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/v1/feedback',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, score: asked % 2 }),
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`feedback was answered with ${statusCode}`);
}

/** Asks all proxies for so many seconds; every `feedbackEvery`th answer is scored, at whichever proxy comes next. */
export async function serve(
  proxies: readonly Proxy[],
  seconds: number,
  feedbackEvery: number,
): Promise<Served> {
  const pools = proxies.map(({ url }) => new Pool(url, { connections: clientsEach }));
  const endsAt = performance.now() + seconds * 1_000;
  let requests = 0;
  let feedbacks = 0;
  const converse = async (pool: Pool, index: number): Promise<void> => {
    while (performance.now() < endsAt) {
      const id = await ask(pool);
      requests += 1;
      if (requests % feedbackEvery !== 0) continue;
      await score(pools[(index + 1) % pools.length] ?? pool, id);
      feedbacks += 1;
    }
  };
  const startedAt = performance.now();
  await Promise.all(
    pools.flatMap((pool, index) => Array.from({ length: clientsEach }, () => converse(pool, index))),
  );
  const took = (performance.now() - startedAt) / 1_000;
  await Promise.all(pools.map((pool) => pool.close()));
  return { requests, feedbacks, seconds: took };
}

/** How much feedback is taken a second, as fast as it comes, by clients that wait for each receipt. */
export async function feedbackRate(proxies: readonly Proxy[], count: number): Promise<number> {
  const pools = proxies.map(({ url }) => new Pool(url, { connections: 16 }));
  const ids: string[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const pool = pools[sent % pools.length];
    if (pool !== undefined) ids.push(await ask(pool));
  }
  const startedAt = performance.now();
  const take = async (pool: Pool): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) await score(pool, id);
  };
  await Promise.all(pools.flatMap((pool) => Array.from({ length: 16 }, () => take(pool))));
  const rate = count / ((performance.now() - startedAt) / 1_000);
  await Promise.all(pools.map((pool) => pool.close()));
  return rate;
}

/** The plan by which a decision was made. */
export function planVersionOf(decisionId: string): number {
  const payload = /^rd_([\w-]+)\./.exec(decisionId)?.[1] ?? '';
  const fields: readonly unknown[] = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return Number(fields[5]);
}
