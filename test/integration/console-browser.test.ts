import axe from 'axe-core';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { operatorToken, plantHistory, viewerToken } from '../../src/console/api/api-world.case.ts';
import { plantWaiting } from '../../src/console/pages/campaign/waiting-campaign.case.ts';
import { findBrowser, startBrowser } from './support/browser.ts';
import { startConsole, type ConsoleServer } from './support/console-server.ts';
import { hostileTexts, plantHostileHistory } from './support/hostile-history.ts';

const executable = findBrowser();
// The usual report counts skipped tests without their reason.
if (executable === undefined)
  console.warn(
    'no Chromium was found (RATCHET_TEST_BROWSER names one): the console was not tried in a browser',
  );

let browser: Browser;
let open: BrowserContext[] = [];
let servers: ConsoleServer[] = [];
let sites: Server[] = [];

beforeAll(async () => {
  if (executable !== undefined) browser = await startBrowser(executable);
});
afterEach(async () => {
  await Promise.all(open.map((context) => context.close()));
  await Promise.all(servers.map((server) => server.stop()));
  for (const site of sites) site.close();
  open = [];
  servers = [];
  sites = [];
});
afterAll(async () => browser?.close());

async function consoleWith(plant: (server: ConsoleServer) => Promise<void>): Promise<ConsoleServer> {
  const server = await startConsole();
  servers.push(server);
  await plant(server);
  return server;
}

const withHistory = async (): Promise<ConsoleServer> =>
  consoleWith(async ({ world }) => plantHistory(world.store));

/** A page of a browser that has signed in, and everything that went wrong in it. */
async function signedIn(
  { url }: ConsoleServer,
  token: string = operatorToken.secret,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const context = await browser.newContext(options);
  open.push(context);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${String(error)}`));
  page.on('dialog', (dialog) => {
    faults.push(`${page.url()}: dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${url}/console`);
  await page.getByLabel('Admin token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/console`);
  return { page, faults };
}

/** Address of a page that another site serves. */
async function otherSite(page: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  sites.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Every page of the console that links lead to, each once; `look` is called on each. */
async function crawl(
  page: Page,
  origin: string,
  look: (path: string) => Promise<void>,
): Promise<readonly string[]> {
  const waiting = ['/console'];
  const seen = new Set(waiting);
  const pagesMax = 150;
  for (let path = waiting.shift(); path !== undefined && seen.size <= pagesMax; path = waiting.shift()) {
    const response = await page.goto(origin + path);
    expect(response?.status(), path).toBeLessThan(400);
    await look(path);
    const links: string[] = await page.evaluate(
      "[...document.querySelectorAll('a[href]')].map(({ href }) => href)",
    );
    for (const link of links) {
      const target = new URL(link);
      if (target.origin !== origin || !target.pathname.startsWith('/console')) continue;
      const next = target.pathname + target.search;
      if (!seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return [...seen];
}

/** What axe finds. */
interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What hostile texts have done to a page. */
interface Harm {
  readonly pwned: boolean;
  readonly planted: number;
  readonly text: string;
}

/** Runs in the page. */
const lookForHarm = `({
  pwned: 'pwned' in window,
  planted: document.querySelectorAll(
    'img[src="x"], iframe, base, [onerror], [onload], [onfocus], [onmouseover], a[href^="javascript"], form[action*="evil"]',
  ).length,
  text: document.body.textContent,
})`;

describe.skipIf(executable === undefined)('the console in a browser', () => {
  test('opens with a token alone, whose session no script can read, and closes again', async () => {
    const server = await withHistory();
    const context = await browser.newContext();
    open.push(context);
    const page = await context.newPage();
    await page.goto(`${server.url}/console/audit`);
    await page.getByLabel('Admin token').fill('not-a-token-of-this-server');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/none of the tokens/);
    await page.getByLabel('Admin token').fill(operatorToken.secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${server.url}/console/audit`);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.content()).not.toContain(operatorToken.secret);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/sign-in/);
    await page.goto(`${server.url}/console`);
    expect(page.url()).toContain('/console/sign-in');
  });

  test('every page that a link leads to is there, breaks no rule of its policy, and is accessible', async () => {
    const server = await withHistory();
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, faults } = await signedIn(server, operatorToken.secret, { colorScheme });
      const found: string[] = [];
      const paths = await crawl(page, server.url, async (path) => {
        expect(await page.locator('h1').count(), path).toBe(1);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate<AxeResult>('axe.run()');
        for (const { id, impact, nodes } of violations)
          if (impact === 'serious' || impact === 'critical') found.push(`${path}: ${id} ${nodes[0]?.html}`);
      });
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
      expect(paths.length).toBeGreaterThan(12);
    }
  });

  test('takes nothing of users, models or agents for anything but text', async () => {
    const server = await consoleWith(async ({ world }) => plantHostileHistory(world.store));
    const { page, faults } = await signedIn(server);
    let shown = 0;
    await crawl(page, server.url, async (path) => {
      const harm = await page.evaluate<Harm>(lookForHarm);
      expect({ path, pwned: harm.pwned, planted: harm.planted }).toEqual({ path, pwned: false, planted: 0 });
      if (hostileTexts.some((text) => harm.text.includes(text))) shown += 1;
    });
    expect(faults).toEqual([]);
    expect(shown).toBeGreaterThan(5);
  });

  test('can be read without JavaScript', async () => {
    const server = await withHistory();
    const { page } = await signedIn(server, viewerToken.secret, { javaScriptEnabled: false });
    const texts: string[] = [];
    for (const path of [
      '/console',
      '/console/tasks/triage',
      '/console/campaigns/c1',
      '/console/decisions/d3',
    ]) {
      await page.goto(server.url + path);
      texts.push((await page.locator('main').textContent()) ?? '');
    }
    const [overview, task, campaign, decision] = texts;
    expect(overview).toContain('Sort support tickets');
    expect(task).toContain('Answer with one word.');
    expect(campaign).toContain('canary');
    expect(decision).toContain('I was charged twice');
  });

  test('is shown inside no page of another origin', async () => {
    const server = await withHistory();
    const { page } = await signedIn(server);
    const other = await otherSite(`<iframe src="${server.url}/console"></iframe>`);
    await page.goto(other.replace('127.0.0.1', 'localhost'));
    const shown = await page
      .frames()[1]
      ?.locator('main')
      .count()
      .catch(() => 0);
    expect(shown).toBe(0);
  });

  test('does nothing for a page of another origin that sends a form with the session', async () => {
    const server = await withHistory();
    const { page } = await signedIn(server);
    const action = `${server.url}/console/tasks/triage/pause`;
    await page.goto(
      await otherSite(`<form method="post" action="${action}"><button>Win a prize</button></form>`),
    );
    await page.getByRole('button').click();
    await page.waitForURL(`${server.url}/**`);
    expect(await page.locator('main').textContent()).toMatch(/other origins|Sign in/);
    expect((await server.world.get('/api/audit')).body).toMatchObject({ items: [] });
  });

  test('shows what happens as it happens, without a reload', async () => {
    const server = await withHistory();
    const { page } = await signedIn(server);
    await page.goto(`${server.url}/console/tasks/triage`);
    await expect.poll(() => page.locator('[data-live-light="live"]').count()).toBe(1);
    await page.evaluate('window.isSamePage = true');
    expect(await page.locator('main').textContent()).not.toMatch(/paused/i);
    await server.world.post('/api/tasks/triage/pause', { reason: 'release freeze' });
    await expect.poll(() => page.locator('main').textContent(), { timeout: 10_000 }).toMatch(/paused/i);
    expect(await page.evaluate("'isSamePage' in window")).toBe(true);
  });

  test('the first page is light and quick', async () => {
    const server = await withHistory();
    const context = await browser.newContext();
    open.push(context);
    const { page } = await signedIn(server);
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(`${server.url}/console`, { waitUntil: 'load' });
    const loadMs = await page.evaluate<number>(
      "performance.getEntriesByType('navigation')[0].loadEventStart",
    );
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(100_000);
    expect(loadMs).toBeLessThan(1000);
  });

  test('goes by keyboard to what it lists', async () => {
    const server = await withHistory();
    const { page } = await signedIn(server);
    await page.keyboard.press('/');
    await page.keyboard.type('d3');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/console/decisions/d3`);
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForURL(/\/console\/decisions$/);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/decisions\/.+/);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
  });

  test('does what a person orders, and says so', async () => {
    const server = await withHistory();
    const { page, faults } = await signedIn(server);
    const task = '/console/tasks/triage';
    const order = async (
      path: string,
      action: string,
      fields: Record<string, string> = {},
    ): Promise<void> => {
      await page.goto(server.url + path);
      const form = page.locator(`form[action="${action}"]`).first();
      await page.evaluate(
        `document.querySelector('form[action="${action}"]')?.closest('details')?.setAttribute('open', '')`,
      );
      for (const [name, value] of Object.entries(fields))
        await form.locator(`[name="${name}"]`).first().fill(value);
      await form.locator('button:not([type="button"])').first().click();
      await page.locator('p.notice[role="status"]').waitFor();
    };
    await order(task, `${task}/pause`);
    await order(task, `${task}/resume`);
    await order(task, `${task}/pin`);
    await order(task, `${task}/unpin`);
    await order(`${task}/propose`, `${task}/proposals`, {
      'edits.0.text': 'Name one queue.',
      'edits.0.intent': 'brevity',
    });
    await plantWaiting(server.world.store);
    await order('/console/campaigns/w1', '/console/campaigns/w1/approve');
    await order('/console/campaigns/c2', '/console/campaigns/c2/reject', { reason: 'not our tone' });
    await order('/console/campaigns/c1', '/console/campaigns/c1/promote', { reason: 'legal asked for it' });
    await order(`${task}/plans`, `${task}/roll-back`, { reason: 'too short' });
    await order('/console/decisions/d3', '/console/forget');
    const { body } = await server.world.get('/api/audit');
    const actions = (body as { readonly items: readonly { readonly action: string }[] }).items.map(
      ({ action }) => action,
    );
    expect(actions.toReversed()).toEqual([
      'pause',
      'resume',
      'pin',
      'unpin',
      'propose',
      'approve',
      'reject',
      'promote',
      'roll-back',
      'forget',
    ]);
    expect(faults).toEqual([]);
  });

  test('offers a viewer nothing that only an operator may do', async () => {
    const server = await withHistory();
    const { page } = await signedIn(server, viewerToken.secret);
    const forms: string[] = [];
    await crawl(page, server.url, async () => {
      const found: string[] = await page.evaluate(
        "[...document.querySelectorAll('form[method=post]')].map((form) => new URL(form.action).pathname)",
      );
      forms.push(...found);
    });
    expect([...new Set(forms)]).toEqual(['/console/sign-out']);
  });
});
