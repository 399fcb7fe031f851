import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { banditFold } from '../../src/bandit/fold.ts';
import { baselineVariantId, makeVariant, type Variant } from '../../src/domain/variant.ts';
import { createSystemRandom } from '../../src/runtime/system-random.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { openPostgresStore } from '../../src/store/kysely/postgres-store.ts';
import type { BanditFold } from '../../src/store/bandit-fold.ts';
import type { TaskSnapshot } from '../../src/store/plan-store.ts';
import type { Store } from '../../src/store/store.ts';
import { startPostgres, type PostgresServer } from './support/postgres.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

let postgres: PostgresServer;
let upstream: SmallUpstream;
let url: string;
let store: Store;

/** The bandit's own rules, but a new plan's arms share the traffic evenly from the start. */
const evenFold: BanditFold = {
  ...banditFold,
  reconcile: (state, plan, settings) => {
    const reconciled = banditFold.reconcile(state, plan, settings);
    const share = 1 / plan.arms.length;
    const probabilities = Object.fromEntries(plan.arms.map(({ variantId }) => [variantId, share]));
    return { ...reconciled, routing: { ...reconciled.routing, probabilities } };
  },
};

beforeAll(async () => {
  [postgres, upstream] = await Promise.all([startPostgres(), startSmallUpstream()]);
  process.stdout.write(`PostgreSQL from ${postgres.origin}\n`);
  url = await postgres.createDatabase();
  store = await openPostgresStore({
    url,
    fold: evenFold,
    clock: systemClock,
    random: createSystemRandom(),
    mode: 'writer',
  });
});
afterAll(async () => {
  await store.close();
  await Promise.all([upstream.close(), postgres.stop()]);
});

const startReplica = async (): Promise<ServerProcess> => {
  const server = await startServerProcess({ RATCHET_UPSTREAM: upstream.url, RATCHET_DATABASE: url });
  await server.logged('ready');
  return server;
};

const post = async (
  server: ServerProcess,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

interface Answered {
  readonly decisionId: string;
  readonly completionId: string;
  readonly variantId: string;
}

const ask = async (
  server: ServerProcess,
  task: string,
  turns: readonly object[] = [{ role: 'user', content: `question ${Math.random()}` }],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> => {
  const messages = [{ role: 'system', content: 'You sort support tickets.' }, ...turns];
  const answer = await post(
    server,
    '/v1/chat/completions',
    { model: 'small-1', messages },
    { 'x-ratchet-task': task, ...headers },
  );
  const { id }: { readonly id: string } = JSON.parse(await answer.text());
  return {
    decisionId: answer.headers.get('x-ratchet-decision') ?? '',
    completionId: id,
    variantId: answer.headers.get('x-ratchet-variant') ?? '',
  };
};

const taskOf = async (name: string): Promise<TaskSnapshot> => {
  const found = (await store.readSnapshot(0)).tasks.find(({ task }) => task.name === name);
  if (found === undefined) throw new Error(`no task ${name}`);
  return found;
};

const eventually = async (what: string, holds: () => Promise<boolean>, withinMs = 5_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Gives a task a second arm that gets half of the traffic. */
const addArm = async (name: string): Promise<Variant> => {
  const { task, plan } = await taskOf(name);
  const variant = makeVariant(task.id, task.baseline.version, [
    { op: 'insert', text: ' Be brief.', intent: 'shorter' },
  ]);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('insert into variants (task_id, id, variant) values ($1, $2, $3)', [
    task.id,
    variant.id,
    JSON.stringify(variant),
  ]);
  await client.end();
  const outcome = await store.commitGate({
    taskId: task.id,
    plan: {
      ...plan,
      version: plan.version + 1,
      arms: [
        { variantId: baselineVariantId, status: 'baseline', cap: 1 },
        { variantId: variant.id, status: 'incumbent', cap: 1 },
      ],
      incumbentId: variant.id,
      cause: { kind: 'promoted', campaignId: 'seeded' },
      atMs: systemClock.now(),
    },
  });
  expect(outcome).toBe('committed');
  return variant;
};

describe('two replicas on one database', () => {
  let one: ServerProcess;
  let other: ServerProcess;
  beforeAll(async () => {
    [one, other] = await Promise.all([startReplica(), startReplica()]);
  });
  afterAll(async () => {
    for (const server of [one, other]) server.kill('SIGTERM');
    expect(await Promise.all([one.exited, other.exited])).toEqual([0, 0]);
  });

  it('count feedback wherever it lands, once, also when it overtakes its decision', async () => {
    const signed = await Promise.all(Array.from({ length: 10 }, async () => ask(one, 'wherever')));
    for (const { decisionId } of signed) {
      const feedback = { id: decisionId, score: 1 };
      expect((await post(other, '/v1/feedback', feedback)).status).toBe(200);
      expect((await post(one, '/v1/feedback', feedback)).status).toBe(200);
    }
    const named = await Promise.all(Array.from({ length: 10 }, async () => ask(one, 'wherever')));
    for (const { completionId } of named)
      expect([200, 202]).toContain(
        (await post(other, '/v1/feedback', { id: completionId, score: 0 })).status,
      );
    await eventually(
      'all are counted',
      async () => (await taskOf('wherever')).bandit.feedbacks === signed.length + named.length,
    );
    expect((await taskOf('wherever')).bandit.feedbacks).toBe(20);
  });

  it('both serve a new plan within a second', async () => {
    await ask(one, 'planned');
    await eventually('the task is stored', async () =>
      taskOf('planned').then(
        () => true,
        () => false,
      ),
    );
    const { id } = await addArm('planned');
    await Promise.all(
      [one, other].map(async (replica) =>
        eventually('the new arm serves', async () => (await ask(replica, 'planned')).variantId === id, 1_000),
      ),
    );
  });

  it('keep a conversation with its variant, whichever of them its turns meet', async () => {
    await ask(one, 'conversing');
    await eventually('the task is stored', async () =>
      taskOf('conversing').then(
        () => true,
        () => false,
      ),
    );
    const arm = await addArm('conversing');
    await eventually('the new arm serves', async () => (await ask(other, 'conversing')).variantId === arm.id);
    const served = new Set<string>();
    for (let n = 0; n < 12; n += 1) {
      const question = { role: 'user', content: `conversation ${n}` };
      const first = await ask(one, 'conversing', [question]);
      served.add(first.variantId);
      // What the first turn was is known to others once it is recorded, a tenth of a second later.
      await new Promise((resolve) => setTimeout(resolve, 200));
      const turns = [question, { role: 'assistant', content: 'billing' }, { role: 'user', content: 'and?' }];
      expect((await ask(other, 'conversing', turns)).variantId).toBe(first.variantId);
      // A named one is drawn alike everywhere, so nothing needs to be known.
      const session = { 'x-ratchet-episode': `session ${n}` };
      const named = await ask(one, 'conversing', [question], session);
      expect((await ask(other, 'conversing', [question], session)).variantId).toBe(named.variantId);
    }
    expect(served.size).toBe(2);
  });

  it('lose no acknowledged feedback, and count none twice, when one of them is killed again and again', async () => {
    let acknowledged = 0;
    let sent = 0;
    for (let round = 0; round < 3; round += 1) {
      const mortal = await startReplica();
      const clients = Array.from({ length: 6 }, async (_, client) => {
        try {
          for (let turn = 0; ; turn += 1) {
            const { decisionId } = await ask(mortal, 'killed');
            sent += 1;
            const feedback = { id: decisionId, score: 1, key: `${round} ${client} ${turn}` };
            if ((await post(mortal, '/v1/feedback', feedback)).status !== 200) continue;
            acknowledged += 1;
            // Sent again, as a client does that missed the answer.
            await post(other, '/v1/feedback', feedback);
          }
        } catch {
          // The replica was killed under this client's hands, which is the point.
        }
      });
      const enough = acknowledged + 20;
      await eventually('clients were answered', async () => acknowledged >= enough, 20_000);
      mortal.kill('SIGKILL');
      await mortal.exited;
      await Promise.all(clients);
      expect((await ask(other, 'killed')).decisionId).not.toBe('');
    }
    expect(acknowledged).toBeGreaterThanOrEqual(60);
    const { bandit, task } = await taskOf('killed');
    const rewards = await store.readRewards(task.id, 0, 1_000_000);
    expect(rewards.length).toBe(bandit.feedbacks);
    expect(bandit.feedbacks).toBeGreaterThanOrEqual(acknowledged);
    expect(bandit.feedbacks).toBeLessThanOrEqual(sent);
  });
});

describe('of several learners', () => {
  const startLearner = async (): Promise<ServerProcess> =>
    startServerProcess({
      RATCHET_UPSTREAM: upstream.url,
      RATCHET_DATABASE: url,
      RATCHET_ROLE: 'learner',
      RATCHET_LEARNING_KEY: 'sk-learning',
    });
  const leads = (server: ServerProcess): boolean =>
    server.log().findLast(({ event }) => event.startsWith('lease-'))?.event === 'lease-taken';

  it('one learns, another takes over at once when it stops, and soon when it is killed', async () => {
    const first = await startLearner();
    await first.logged('lease-taken');
    const others = await Promise.all([startLearner(), startLearner()]);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(others.map(leads)).toEqual([false, false]);
    first.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    await eventually('another leads', async () => others.some(leads), 6_000);
    const [second, third] = leads(others[0]) ? others : [others[1], others[0]];
    expect(leads(third)).toBe(false);
    second.kill('SIGKILL');
    await second.exited;
    await eventually('the last one leads', async () => leads(third), 25_000);
    third.kill('SIGTERM');
    expect(await third.exited).toBe(0);
  }, 60_000);

  it('a proxy is none, though it has a key', async () => {
    const proxy = await startServerProcess({
      RATCHET_UPSTREAM: upstream.url,
      RATCHET_DATABASE: url,
      RATCHET_ROLE: 'proxy',
      RATCHET_LEARNING_KEY: 'sk-learning',
    });
    expect(await proxy.logged('learning-off')).toMatchObject({
      reason: expect.stringContaining('proxy only'),
    });
    proxy.kill('SIGTERM');
    expect(await proxy.exited).toBe(0);
    expect(proxy.log().some(({ event }) => event === 'lease-taken')).toBe(false);
  });
});
