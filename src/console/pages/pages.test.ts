import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createApiWorld, operatorToken, viewerToken, type ApiWorld } from '../api/api-world.case.ts';

const host = 'ratchet.example';

/** A browser without a token in its headers. */
const asBrowser = { authorization: '', host };

async function signIn(world: ApiWorld, token: string, more: Record<string, string> = {}): Promise<Response> {
  return world.request('/console/sign-in', {
    method: 'POST',
    headers: { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded', ...more },
    body: new URLSearchParams({ token, to: '/console/audit' }).toString(),
  });
}

async function cookieOf(world: ApiWorld, token: string): Promise<string> {
  const response = await signIn(world, token);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

describe('signing in', () => {
  test('a page leads to the sign-in form, and from there back to itself', async () => {
    const world = createApiWorld();
    const response = await world.request('/console/audit?limit=5', { headers: asBrowser });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/console/sign-in?to=%2Fconsole%2Faudit%3Flimit%3D5');
    const form = await world.request(response.headers.get('location') ?? '', { headers: asBrowser });
    expect(form.status).toBe(200);
    expect(await form.text()).toContain('value="/console/audit?limit=5"');
  });

  test('a token becomes a session that no script can read and the proxy never sees', async () => {
    const world = createApiWorld();
    const response = await signIn(world, operatorToken.secret);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/console/audit');
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => /Path=([^;]+)/.exec(cookie)?.[1])).toEqual(['/console', '/api']);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/HttpOnly/);
      expect(cookie).toMatch(/SameSite=Lax/);
      expect(cookie).not.toContain(operatorToken.secret);
    }
    const cookie = cookies[0]?.split(';')[0] ?? '';
    expect((await world.request('/console', { headers: { ...asBrowser, cookie } })).status).toBe(200);
    const me = await world.request('/api/me', { headers: { ...asBrowser, cookie } });
    expect(await me.json()).toMatchObject({ id: 'ada', role: 'operator' });
  });

  test('two servers on one machine leave each other’s sessions alone', async () => {
    const world = createApiWorld();
    const ports = ['127.0.0.1:8787', '127.0.0.1:8788', 'ratchet.example'];
    const names = await Promise.all(
      ports.map(async (port) => {
        const response = await signIn(world, operatorToken.secret, { host: port });
        return response.headers.getSetCookie()[0]?.split('=')[0];
      }),
    );
    expect(names).toEqual(['ratchet_session_8787', 'ratchet_session_8788', 'ratchet_session']);
  });

  test('behind TLS the cookie is sent over TLS alone', async () => {
    for (const [told, isSecure] of [
      ['https', true],
      ['https, http', true],
      ['HTTPS', true],
      ['http, https', false],
      ['http', false],
    ] as const) {
      const response = await signIn(createApiWorld(), operatorToken.secret, { 'x-forwarded-proto': told });
      expect(/Secure/.test(response.headers.getSetCookie()[0] ?? ''), told).toBe(isSecure);
    }
  });

  test('another text is refused, without a cookie', async () => {
    const response = await signIn(createApiWorld(), 'no-token-of-this-server');
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.text()).not.toContain('no-token-of-this-server');
  });

  test('what is no form is refused with a page', async () => {
    const response = await createApiWorld().request('/console/sign-in', {
      method: 'POST',
      headers: { ...asBrowser, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(415);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  test('leads to no other site afterwards', async () => {
    const world = createApiWorld();
    for (const to of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/consoleevil',
      'javascript:1',
      '/console/..//evil.example',
      '/console/%2e%2e//evil.example',
      '/\t/evil.example',
    ]) {
      const response = await world.request('/console/sign-in', {
        method: 'POST',
        headers: { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: operatorToken.secret, to }).toString(),
      });
      expect(response.headers.get('location'), to).toBe('/console');
    }
  });

  test('leads to a page whose name could end a header, in the form that is safe there', async () => {
    const world = createApiWorld();
    const { status, headers } = await world.request('/console/sign-in', {
      method: 'POST',
      headers: { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        token: operatorToken.secret,
        to: '/console?name=a\r\nset-cookie: b=ž',
      }).toString(),
    });
    expect(status).toBe(303);
    expect(headers.get('location')).toBe('/console?name=aset-cookie:%20b=%C5%BE');
  });

  test('signing out takes the session away', async () => {
    const world = createApiWorld();
    const response = await world.request('/console/sign-out', { method: 'POST', headers: asBrowser });
    expect(response.headers.get('location')).toBe('/console/sign-in');
    expect(response.headers.getSetCookie().every((cookie) => cookie.includes('Max-Age=0'))).toBe(true);
  });

  test('on loopback without a token there is nothing to sign in to', async () => {
    const world = createApiWorld({ adminTokens: [] });
    const local = await world.request('/console', { headers: { ...asBrowser, host: '127.0.0.1:8787' } });
    expect(local.status).toBe(200);
    const rebound = await world.request('/console', { headers: { ...asBrowser, host: 'evil.example' } });
    expect(rebound.status).toBe(403);
  });
});

describe('a page', () => {
  test('may load and run nothing but what this server serves, and is shown inside no other page', async () => {
    const world = createApiWorld();
    const response = await world.request('/console');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await response.text();
    expect(page).not.toMatch(/<script(?![^>]* src=)/);
    expect(page).not.toMatch(/ style=/);
    expect(page).not.toMatch(/ on[a-z]+=/);
  });

  test('loads files that are there, whatever their names become', async () => {
    const world = createApiWorld();
    const page = await (await world.request('/console')).text();
    const paths = [...page.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(paths.length).toBeGreaterThan(3);
    for (const path of new Set(paths)) {
      const response = await world.request(path, { headers: { authorization: '' } });
      expect(response.status, path).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
    }
    const [path = ''] = paths;
    expect((await world.request(path.replace(/assets\/[^/]+/, 'assets/older'))).status).toBe(404);
  });

  test('can be linked to from elsewhere, but not fetched', async () => {
    const world = createApiWorld();
    const cookie = await cookieOf(world, operatorToken.secret);
    const link = { ...asBrowser, cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await world.request('/console', { headers: link })).status).toBe(200);
    const fetched = { ...link, 'sec-fetch-mode': 'cors' };
    expect((await world.request('/console', { headers: fetched })).status).toBe(403);
  });

  test('is sent compressed to who takes it so', async () => {
    const world = createApiWorld();
    const plain = await (await world.request('/console')).text();
    const response = await world.request('/console', { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length).toBeLessThan(plain.length / 2);
    expect(gunzipSync(bytes).toString().length).toBe(plain.length);
  });

  test('that is not there says so', async () => {
    const response = await createApiWorld().request('/console/nowhere');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('there is no page');
  });
});

describe('an action', () => {
  const form = (fields: Record<string, string>, headers: Record<string, string>): RequestInit => ({
    method: 'POST',
    headers: { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
  const target = { 'target.kind': 'scope', 'target.scope': 'nobody', back: '/console/audit?x=1' };

  test('is done for an operator on a page of ours, and leads back', async () => {
    const world = createApiWorld();
    const cookie = await cookieOf(world, operatorToken.secret);
    const response = await world.request(
      '/console/forget',
      form(target, { cookie, origin: `http://${host}` }),
    );
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/console/audit?x=1');
    const { body } = await world.get('/api/audit');
    expect(body).toMatchObject({ items: [{ actor: 'ada', action: 'forget' }] });
  });

  test('is told once on the page that comes next, and by no link', async () => {
    const world = createApiWorld();
    const said = 'The words are gone.';
    const authorization = `Bearer ${operatorToken.secret}`;
    const response = await world.request('/console/forget', form(target, { authorization }));
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const next = await world.request('/console', { headers: { cookie } });
    expect(await next.text()).toContain(said);
    expect(next.headers.getSetCookie()[0]).toMatch(/^ratchet_done=;.*Max-Age=0/);
    const linked = await world.request('/console?done=forget');
    expect(await linked.text()).not.toContain(said);
    const other = await world.request('/console', { headers: { cookie: 'ratchet_done=constructor' } });
    expect(other.status).toBe(200);
  });

  test('leads to no other site, whatever the form names', async () => {
    const world = createApiWorld();
    const headers = { cookie: await cookieOf(world, operatorToken.secret), origin: `http://${host}` };
    const fields = { ...target, back: '/console/..//evil.example' };
    const response = await world.request('/console/forget', form(fields, headers));
    expect(response.headers.get('location')).toBe('/console');
  });

  test('is refused to a page of another origin, and where a browser does not say whose page it is', async () => {
    const world = createApiWorld();
    const cookie = await cookieOf(world, operatorToken.secret);
    for (const headers of [
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie },
    ])
      expect((await world.request('/console/forget', form(target, headers))).status).toBe(403);
    expect((await world.get('/api/audit')).body).toMatchObject({ items: [] });
  });

  test('of the API is refused to a session under the same rules', async () => {
    const world = createApiWorld();
    const cookie = await cookieOf(world, operatorToken.secret);
    const init = (headers: Record<string, string>): RequestInit => ({
      method: 'POST',
      headers: { ...asBrowser, cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ target: { kind: 'scope', scope: 'nobody' } }),
    });
    expect((await world.request('/api/forget', init({}))).status).toBe(403);
    expect((await world.request('/api/forget', init({ 'sec-fetch-site': 'same-origin' }))).status).toBe(200);
  });

  test('is refused to a viewer, in words', async () => {
    const world = createApiWorld();
    const cookie = await cookieOf(world, viewerToken.secret);
    const response = await world.request(
      '/console/forget',
      form(target, { cookie, origin: `http://${host}` }),
    );
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('grafana may look, not change');
  });

  test('says which field is wrong', async () => {
    const world = createApiWorld();
    const response = await world.request(
      '/console/forget',
      form({ 'target.kind': 'planet' }, { authorization: `Bearer ${operatorToken.secret}` }),
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('target.kind');
  });
});
