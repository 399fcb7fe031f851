import { describe, expect, test } from 'vitest';
import type { BanditState } from '../domain/bandit-state.ts';
import type { Campaign } from '../domain/campaign.ts';
import { firstPlan } from '../domain/plan.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { noSpend } from '../domain/spend.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import { makeVariant } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import { createConsole, type ConsoleDeps } from './console.ts';

const token = 'an-admin-token-of-some-length';
const variant = makeVariant('t1', 1, [{ op: 'insert', text: 'Be brief.', intent: 'brevity' }]);
const plan = {
  ...firstPlan('t1', 1, 0),
  version: 2,
  arms: [
    { variantId: 'baseline', status: 'baseline', cap: 1 },
    { variantId: variant.id, status: 'canary', cap: 0.01 },
  ],
} as const;
const routing = {
  planVersion: 2,
  incumbentId: 'baseline',
  probabilities: { baseline: 0.99, [variant.id]: 0.01 },
  klMax: 0.1,
  atFeedback: 0,
  atMs: 0,
};
const bandit: BanditState = {
  version: 1,
  arms: { baseline: { L: 1, N: 4, S: 1, sel: 5, obs: 4 } },
  n: 4,
  gN: 5,
  gS: 1.5,
  age: 0,
  feedbacks: 4,
  routing,
};
const snapshot: TaskSnapshot = {
  task: {
    id: 't1',
    name: 'triage',
    scope: 's',
    baseline: {
      version: 1,
      stableFor: 20,
      skeleton: {
        segments: [
          { kind: 'text', text: 'Today is ' },
          { kind: 'slot', name: 'date' },
        ],
      },
    },
    config: defaultTaskConfig,
    createdAtMs: 5,
  },
  plan,
  variants: [makeVariant('t1', 1, []), variant],
  routing,
  bandit,
};
const campaign: Campaign = {
  id: 'c1',
  taskId: 't1',
  revision: 1,
  state: 'proposed',
  proposal: {
    variant,
    parentId: 'baseline',
    optimizer: 'opro',
    originCampaignId: null,
    shownDecisionIds: ['d1'],
    shownTraceIds: [],
    costUsd: 0.01,
    atMs: 6,
  },
  incumbentId: 'baseline',
  frozenAtMs: 6,
  screening: null,
  alphaLevel: null,
  verdict: null,
  canary: null,
  history: [],
};

const deps: ConsoleDeps = {
  store: {
    readSnapshot: async () => ({ revision: 1, tasks: [snapshot] }),
    readTask: async (id) => (id === 't1' ? snapshot : undefined),
    readCampaigns: async () => [campaign],
    readGateState: async () => undefined,
    readWatchEvents: async () => [],
    readSpend: async (_, day) => ({ ...noSpend, usd: day === 3 ? 0.5 : 0 }),
    readTotalSpend: async () => ({ ...noSpend, usd: 9 }),
  },
  clock: { now: () => 3.5 * 86_400_000 },
  adminToken: null,
  metricsText: async () => 'ratchet_requests_total 1\n',
  probes: [{ name: 'store', look: async () => 'commits' }],
  learning: { isOn: false, reason: 'no learning key is set' },
};

async function get(
  path: string,
  changed: Partial<ConsoleDeps> = {},
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly type: string; readonly body: unknown }> {
  const response = await createConsole({ ...deps, ...changed }).request(path, {
    headers: { host: '127.0.0.1:8787', ...headers },
  });
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    type,
    body: type.includes('json') ? await response.json() : await response.text(),
  };
}

describe('health', () => {
  test('healthz says that the process lives, whatever else is down', async () => {
    const failing = { probes: [{ name: 'store', look: () => Promise.reject(new Error('disk full')) }] };
    expect(await get('/healthz', failing)).toMatchObject({ status: 200, body: { status: 'alive' } });
  });

  test('readyz is 200 when every check passes', async () => {
    expect(await get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: [{ name: 'store', isOk: true, detail: 'commits' }] },
    });
  });

  test('readyz is 503 and says why when one fails', async () => {
    const probes = [
      ...deps.probes,
      { name: 'snapshot', look: () => Promise.reject(new Error('not loaded')) },
    ];
    expect(await get('/readyz', { probes })).toMatchObject({
      status: 503,
      body: {
        status: 'not-ready',
        checks: [
          { name: 'store', isOk: true },
          { name: 'snapshot', isOk: false, detail: 'not loaded' },
        ],
      },
    });
  });

  test('metrics are Prometheus text', async () => {
    const { status, type, body } = await get('/metrics');
    expect([status, body]).toEqual([200, 'ratchet_requests_total 1\n']);
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
  });
});

describe('who may read', () => {
  test.each<[string, number, string | null, Record<string, string>]>([
    ['no token set, local host name', 200, null, { host: 'localhost:8787' }],
    ['no token set, local IPv6 address', 200, null, { host: '[::1]:8787' }],
    ['no token set, a foreign name that resolves here', 403, null, { host: 'evil.example:8787' }],
    ['no token set, a foreign name that begins like ours', 403, null, { host: 'localhost.evil.example' }],
    ['a token set, none sent', 401, token, {}],
    ['a token set, a wrong one sent', 401, token, { authorization: 'Bearer wrong' }],
    ['a token set, another scheme', 401, token, { authorization: `Basic ${token}` }],
    ['a token set and sent', 200, token, { authorization: `Bearer ${token}` }],
    [
      'a token set and sent under any name',
      200,
      token,
      { authorization: `bearer ${token}`, host: 'r.example' },
    ],
  ])('%s: %i', async (_, status, adminToken, headers) => {
    for (const path of ['/api/tasks', '/api/tasks/t1', '/metrics'])
      expect((await get(path, { adminToken }, headers)).status).toBe(status);
    for (const path of ['/healthz', '/readyz'])
      expect((await get(path, { adminToken }, headers)).status).toBe(200);
  });

  test('a refusal is a problem with our code', async () => {
    const { type, body } = await get('/api/tasks', { adminToken: token });
    expect(type).toBe('application/problem+json');
    expect(body).toMatchObject({ status: 401, title: 'Unauthorized', code: 'unauthorized' });
  });
});

describe('tasks', () => {
  test('the list says what serves, and whether anything is learned', async () => {
    expect((await get('/api/tasks')).body).toEqual({
      learning: { isOn: false, reason: 'no learning key is set' },
      tasks: [
        {
          id: 't1',
          name: 'triage',
          createdAtMs: 5,
          baselineVersion: 1,
          planVersion: 2,
          incumbentId: 'baseline',
          arms: 2,
          feedbacks: 4,
        },
      ],
    });
  });

  test('one task shows its prompt, arms, campaigns and spend', async () => {
    expect((await get('/api/tasks/t1')).body).toMatchObject({
      baselineText: 'Today is {{date}}',
      plan: { version: 2 },
      armDetails: [
        { variantId: 'baseline', probability: 0.99, meanReward: 0.75, observations: 4, edits: [] },
        { variantId: variant.id, probability: 0.01, meanReward: null, observations: 0, edits: variant.edits },
      ],
      campaigns: [{ id: 'c1', state: 'proposed', optimizer: 'opro', verdict: null, edits: variant.edits }],
      watchEvents: [],
      credit: null,
      trials: [],
      spend: { today: { usd: 0.5 }, total: { usd: 9 } },
    });
  });

  test.each(['/api/tasks/none', '/api/elsewhere', '/chat/completions'])('%s is not found', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test.each([
    [
      new RatchetError('store_unavailable', 'the store cannot be reached'),
      503,
      'the store cannot be reached',
    ],
    [new Error('secret detail'), 500, 'an unexpected error'],
  ])('a store that fails is a problem (%#)', async (error, status, detail) => {
    const store = { ...deps.store, readSnapshot: () => Promise.reject(error) };
    expect(await get('/api/tasks', { store })).toMatchObject({ status, body: { status, detail } });
  });
});
