import { describe, expect, test } from 'vitest';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { AdminToken } from '../domain/admin-token.ts';
import { createApiWorld, operatorToken, viewerToken } from './api/api-world.case.ts';
import type { ConsoleDeps } from './console.ts';

async function get(
  path: string,
  changed: Partial<ConsoleDeps> = {},
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly type: string; readonly body: unknown }> {
  const { status, body, headers: answered } = await createApiWorld(changed).get(path, headers);
  return { status, body, type: answered.get('content-type') ?? '' };
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
      { name: 'store', look: async () => 'commits' },
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

const { secret } = operatorToken;
const none: readonly AdminToken[] = [];
const both = [viewerToken, operatorToken];

describe('who may read', () => {
  test.each<[string, number, readonly AdminToken[], Record<string, string>]>([
    ['no token set, local host name', 200, none, { host: 'localhost:8787' }],
    ['no token set, local IPv6 address', 200, none, { host: '[::1]:8787' }],
    ['no token set, a foreign name that resolves here', 403, none, { host: 'evil.example:8787' }],
    ['no token set, a foreign name that begins like ours', 403, none, { host: 'localhost.evil.example' }],
    [
      'no token set, a page of another origin',
      403,
      none,
      { host: 'localhost:8787', origin: 'https://evil.example' },
    ],
    ['no token set, a page of no origin', 403, none, { host: 'localhost:8787', origin: 'null' }],
    [
      'no token set, a page on another port',
      403,
      none,
      { host: 'localhost:8787', origin: 'http://localhost:3000' },
    ],
    [
      'no token set, a link from another site',
      403,
      none,
      { host: 'localhost:8787', 'sec-fetch-site': 'cross-site' },
    ],
    [
      'no token set, our own page',
      200,
      none,
      { host: 'localhost:8787', origin: 'http://localhost:8787', 'sec-fetch-site': 'same-origin' },
    ],
    ['a token set, none sent', 401, both, { authorization: '' }],
    ['a token set, a wrong one sent', 401, both, { authorization: 'Bearer wrong' }],
    ['a token set, another scheme', 401, both, { authorization: `Basic ${secret}` }],
    ['a token set and sent', 200, both, { authorization: `Bearer ${secret}` }],
    ['a viewer\u2019s token set and sent', 200, both, { authorization: `Bearer ${viewerToken.secret}` }],
    [
      'a token set and sent under any name',
      200,
      both,
      { authorization: `bearer ${secret}`, host: 'r.example' },
    ],
    [
      'a token sent by a page of another origin',
      403,
      both,
      { authorization: `Bearer ${secret}`, origin: 'https://evil.example' },
    ],
  ])('%s: %i', async (_, status, adminTokens, headers) => {
    for (const path of ['/api/tasks', '/metrics'])
      expect((await get(path, { adminTokens }, headers)).status).toBe(status);
    for (const path of ['/healthz', '/readyz'])
      expect((await get(path, { adminTokens }, headers)).status).toBe(200);
  });

  test('everyone is told who they are', async () => {
    const me = async (adminTokens: readonly AdminToken[], headers: Record<string, string>) =>
      (await get('/api/me', { adminTokens }, headers)).body;
    expect(await me(none, { host: 'localhost' })).toMatchObject({ id: 'local', role: 'operator' });
    expect(await me(both, {})).toMatchObject({ id: 'ada', role: 'operator' });
    expect(await me(both, { authorization: `Bearer ${viewerToken.secret}` })).toMatchObject({
      id: 'grafana',
      role: 'viewer',
    });
  });

  test('a refusal is a problem with our code', async () => {
    const { type, body } = await get('/api/tasks', {}, { authorization: '' });
    expect(type).toBe('application/problem+json');
    expect(body).toMatchObject({ status: 401, title: 'Unauthorized', code: 'unauthorized' });
  });
});

describe('what is not there', () => {
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
    const { store } = createApiWorld();
    const failing = { ...store, readSnapshot: () => Promise.reject(error) };
    expect(await get('/api/tasks', { store: failing })).toMatchObject({ status, body: { status, detail } });
  });
});
