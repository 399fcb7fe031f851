import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Feedback } from '../../src/domain/feedback.ts';
import { defaultTaskConfig, type TaskConfig } from '../../src/domain/task.ts';
import { createDecisionIds } from '../../src/proxy/decision-id.ts';
import { listen, startLocalProxy, type LocalProxy, type LocalProxySettings } from './support/local-proxy.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map(async (close) => close()));
});

const config: TaskConfig = {
  ...defaultTaskConfig,
  metrics: {
    ...defaultTaskConfig.metrics,
    csat: { type: 'number', range: [1, 5], optimize: 'max', guardrail: null },
    resolved: { type: 'boolean', range: [0, 1], optimize: 'max', guardrail: null },
  },
};

interface Running {
  readonly proxy: LocalProxy;
  /** Every feedback that reached the store. */
  readonly stored: readonly Feedback[];
  /** Asks for a completion; gives the signed id. */
  readonly ask: (headers?: Record<string, string>) => Promise<string>;
  readonly score: (
    body: unknown,
    options?: { readonly path?: string; readonly headers?: Record<string, string> },
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** A proxy whose upstream counts its completions: `c1`, `c2`, … */
async function start(settings: Omit<LocalProxySettings, 'upstreamPort'> = {}): Promise<Running> {
  let served = 0;
  const upstream = await listen((request, response) => {
    request.resume();
    served += 1;
    response.end(
      JSON.stringify({
        id: `c${served}`,
        choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }],
      }),
    );
  });
  let asked = 0;
  const stored: Feedback[] = [];
  const proxy = await startLocalProxy({
    upstreamPort: upstream.port,
    store: (memory) => ({
      recordFeedback: async (batch) => {
        const receipts = await memory.recordFeedback(batch);
        stored.push(...batch);
        return receipts;
      },
    }),
    ...settings,
    deps: { configOf: () => config, ...settings.deps },
  });
  open.push(proxy.close, upstream.close);
  return {
    proxy,
    stored,
    ask: async (headers = {}) => {
      const response = await fetch(`${proxy.url}/chat/completions`, {
        method: 'POST',
        headers: { 'x-ratchet-task': 'triage', ...headers },
        body: JSON.stringify({
          model: 'm',
          messages: [
            { role: 'system', content: 'Sort the ticket.' },
            { role: 'user', content: 'hi' },
          ],
        }),
      });
      await response.arrayBuffer();
      asked += 1;
      await proxy.decision(asked);
      await proxy.refresh();
      return response.headers.get('x-ratchet-decision') ?? '';
    },
    score: async (body, { path = '/v1/feedback', headers = {} } = {}) => {
      const response = await fetch(`http://127.0.0.1:${proxy.port}${path}`, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

const accepted = (outcome: string): object => ({
  status: 200,
  body: { feedback_id: expect.stringMatching(/^feedback-/), outcome },
});
const refused = (status: number, code: string, param: string | null = null): object => ({
  status,
  body: { error: { type: expect.any(String), message: expect.any(String), code, param } },
});

describe('feedback counts exactly once', () => {
  test('by signed id: counted, repeated, corrected', async () => {
    const { ask, score } = await start();
    const id = await ask();
    expect(await score({ id, score: 0.8 })).toEqual(accepted('counted'));
    expect(await score({ id, score: 0.8 })).toEqual(accepted('duplicate'));
    expect(await score({ id, score: 0.2 })).toEqual(accepted('replaced'));
    expect(await score({ id, comment: 'why' })).toEqual(accepted('noted'));
  });

  test('sent again under ever new keys: one observation, of the newest value', async () => {
    const { ask, score, proxy } = await start();
    const id = await ask();
    for (let sent = 0; sent < 20; sent += 1)
      expect(await score({ id, score: 1, key: `k${sent}` })).toEqual(
        accepted(sent === 0 ? 'counted' : 'replaced'),
      );
    const rewards = await proxy.store.readRewards(proxy.decisions[0]?.taskId ?? '', 0, 100);
    expect(rewards).toMatchObject([{ reward: 1 }]);
  });

  test('by completion id and by episode', async () => {
    const { ask, score } = await start();
    await ask();
    expect(await score({ id: 'c1', score: 1 })).toEqual(accepted('counted'));
    await ask({ 'x-ratchet-episode': 'run 7' });
    expect(await score({ id: 'run 7', score: 1 })).toEqual(accepted('counted'));
  });

  test('when it overtakes its decision: 202, then it counts', async () => {
    const { ask, score, proxy } = await start();
    expect(await score({ id: 'c1', score: 1 })).toEqual({ ...accepted('pending'), status: 202 });
    await ask();
    expect(await score({ id: 'c1', score: 1 })).toEqual(accepted('duplicate'));
    const rewards = await proxy.store.readRewards(proxy.decisions[0]?.taskId ?? '', 0, 10);
    expect(rewards).toMatchObject([{ reward: 1, variantId: 'baseline' }]);
  });

  test('for a decision that was never recorded', async () => {
    const { ask, score, proxy } = await start();
    await ask();
    const ids = createDecisionIds('a secret for tests');
    const [decision] = proxy.decisions;
    if (decision === undefined) throw new Error('no decision');
    const id = ids.sign({ ...decision, decisionId: 'lost', episodeId: 'lost' });
    expect(await score({ id, score: 1 })).toEqual(accepted('counted'));
  });

  test('of completions that came with a credential, on loopback also without one', async () => {
    const { ask, score } = await start();
    await ask({ authorization: 'Bearer sk-agent' });
    expect(await score({ id: 'c1', score: 1 })).toEqual(accepted('counted'));
    await ask({ authorization: 'Bearer sk-agent' });
    expect(
      await score({ id: 'c2', score: 1 }, { headers: { authorization: 'Bearer sk-another' } }),
    ).toMatchObject({ status: 202 });
  });

  test('in the form of another gateway', async () => {
    const { ask, score, stored } = await start();
    const id = await ask({ 'x-ratchet-episode': 'run' });
    const path = '/feedback';
    expect(await score({ inference_id: id, metric_name: 'score', value: 0.5 }, { path })).toEqual(
      accepted('counted'),
    );
    expect(await score({ episode_id: 'run', metric_name: 'comment', value: 'good' }, { path })).toEqual(
      accepted('noted'),
    );
    expect(await score({ inference_id: 'c1', metric_name: 'demonstration', value: 'so' }, { path })).toEqual(
      accepted('noted'),
    );
    expect(stored.map(({ body }) => body)).toMatchObject([
      { metric: 'score', value: 0.5 },
      { metric: null, comment: 'good' },
      { metric: null, expected: 'so' },
    ]);
    expect(await score({ id, score: 1 }, { path })).toEqual(refused(422, 'invalid_feedback', 'metric_name'));
  });

  test('as a list: results in order, 202 only when all of it waits', async () => {
    const { ask, score } = await start();
    const id = await ask();
    expect(
      await score([
        { id, score: 1 },
        { id: 'unknown', score: 1 },
      ]),
    ).toMatchObject({
      status: 200,
      body: { results: [{ outcome: 'counted' }, { outcome: 'pending' }] },
    });
    expect(await score([{ id: 'unknown', score: 0 }])).toMatchObject({
      status: 202,
      body: { results: [{ outcome: 'pending' }] },
    });
  });
});

describe('feedback that cannot count is refused, and all that came with it', () => {
  test.each<[string, (id: string) => unknown, object]>([
    ['no JSON', () => '{', refused(400, 'invalid_json')],
    ['a damaged id', (id) => ({ id: id.slice(0, -1), score: 1 }), refused(422, 'invalid_feedback', 'id')],
    [
      'a forged id',
      (id) => ({ id: `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`, score: 1 }),
      refused(404, 'unknown_decision', 'id'),
    ],
    ['a name with a line break', () => ({ id: 'a\nb', score: 1 }), refused(422, 'invalid_feedback', 'id')],
    ['a score beyond its range', (id) => ({ id, score: 1.5 }), refused(422, 'invalid_feedback', 'score')],
    [
      'a value beyond its range',
      (id) => ({ id, metric: 'csat', value: 0 }),
      refused(422, 'invalid_feedback', 'value'),
    ],
    [
      'half a yes',
      (id) => ({ id, metric: 'resolved', value: 0.5 }),
      refused(422, 'invalid_feedback', 'value'),
    ],
    [
      'one wrong entry of a list',
      (id) => [
        { id, score: 1 },
        { id, metric: 'csat', value: 9 },
      ],
      refused(422, 'invalid_feedback', '[1].value'),
    ],
    [
      'one forged entry of a list',
      (id) => [
        { id, score: 1 },
        { id: `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`, score: 1 },
      ],
      refused(404, 'unknown_decision', '[1].id'),
    ],
    [
      'a completion whose value is beyond its range',
      () => ({ id: 'c1', metric: 'csat', value: 9 }),
      refused(422, 'invalid_feedback', 'value'),
    ],
    ['more than 4 MiB', (id) => ({ id, comment: 'x'.repeat(5e6) }), refused(413, 'payload_too_large')],
  ])('%s', async (_, body, answer) => {
    const { ask, score, stored } = await start();
    expect(await score(body(await ask()))).toEqual(answer);
    expect(stored).toEqual([]);
  });

  test('an id whose time is over', async () => {
    const clock = { ms: Date.now(), now: () => clock.ms };
    const { ask, score } = await start({ deps: { clock } });
    const id = await ask();
    clock.ms += config.gate.attributionWindowMs;
    expect(await score({ id, score: 1 })).toMatchObject({ status: 200 });
    clock.ms += 1;
    expect(await score({ id, score: 0 })).toEqual(refused(410, 'decision_expired', 'id'));
  });

  test('a key that was used for another decision', async () => {
    const { ask, score } = await start();
    const [one, two] = [await ask(), await ask()];
    await score({ id: one, score: 1, key: 'ticket' });
    expect(await score({ id: two, score: 1, key: 'ticket' })).toEqual(
      refused(422, 'invalid_feedback', 'key'),
    );
  });

  test('while the store hangs', async () => {
    const { score } = await start({ store: () => ({ recordFeedback: () => new Promise(() => {}) }) });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ticking = setInterval(() => vi.advanceTimersByTime(1000), 5);
    const answer = await score({ id: 'c1', score: 1 });
    clearInterval(ticking);
    expect(answer).toEqual(refused(503, 'store_unavailable'));
  });
});

describe('who may give feedback', () => {
  const keys = [
    { id: 'web', secret: 'web-secret', roles: ['infer'] },
    { id: 'scores', secret: 'scores-secret', roles: ['feedback'] },
    { id: 'truth', secret: 'truth-secret', roles: ['feedback', 'trusted'] },
  ] as const;
  const bearer = (secret: string): { headers: Record<string, string> } => ({
    headers: { authorization: `Bearer ${secret}` },
  });

  test('off loopback only keys made for it', async () => {
    const { ask, score } = await start({ deps: { isLoopback: false, keys } });
    const id = await ask();
    const body = { id, score: 1 };
    expect(await score(body)).toEqual(refused(401, 'unauthorized'));
    expect(await score(body, bearer('nonsense'))).toEqual(refused(401, 'unauthorized'));
    expect(await score(body, bearer('web-secret'))).toEqual(refused(403, 'forbidden'));
    expect(await score(body, bearer('scores-secret'))).toEqual(accepted('counted'));
  });

  test('off loopback ground truth only from a trusted key', async () => {
    const { ask, score, stored } = await start({ deps: { isLoopback: false, keys } });
    const id = await ask();
    const body = { id, score: 1, expected: 'billing' };
    expect(await score(body, bearer('scores-secret'))).toEqual(accepted('counted'));
    expect(await score({ id, expected: 'billing' }, bearer('scores-secret'))).toEqual(
      refused(403, 'forbidden', 'expected'),
    );
    await score({ ...body, key: 'other' }, bearer('truth-secret'));
    expect(stored.map(({ body: { expected } }) => expected)).toEqual([null, 'billing']);
    expect(stored.map(({ source }) => source)).toEqual(['scores', 'truth']);
  });

  test('on loopback everyone on the machine, but no web page of another host', async () => {
    const { score } = await start();
    const body = { id: 'c1', score: 1, expected: 'billing' };
    expect(await score(body)).toMatchObject({ status: 202 });
    expect(await score(body, { headers: { 'sec-fetch-site': 'cross-site' } })).toEqual(
      refused(403, 'forbidden'),
    );
  });
});
