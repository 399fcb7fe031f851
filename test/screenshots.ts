import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { findBrowser, startBrowser } from './integration/support/browser.ts';

/**
 * Draws the main pages of the console, in both themes, into docs/images: `npm run docs:screenshots`. What they show is
 * the demo at its end, with its usual seed.
 */
const folder = new URL('../docs/images/', import.meta.url);
const size = { width: 1280, height: 860 };

const executable = findBrowser();
if (executable === undefined) {
  process.stderr.write('no Chromium was found; RATCHET_TEST_BROWSER names one\n');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const demo = spawn(
  process.execPath,
  [fileURLToPath(new URL('../src/cli/ratchet.ts', import.meta.url)), 'demo', '--keep'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  const url = await addressOf(demo.stdout);
  const browser = await startBrowser(executable);
  for (const [name, path] of await mainPages(url))
    for (const colorScheme of ['light', 'dark'] as const)
      await draw(browser, `${name}-${colorScheme}`, url + path);
  await browser.close();
} finally {
  demo.kill('SIGINT');
}

/** The server's address, which the demo tells when it has come to its end. */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    process.stdout.write(`${line}\n`);
    const url = /(http:\/\/127\.0\.0\.1:\d+)\/console/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the demo ended without telling an address');
}

/** Names of the pictures with their paths: each kind of page, where it has most to show. */
async function mainPages(url: string): Promise<readonly (readonly [string, string])[]> {
  const read = async <Item>(path: string): Promise<readonly Item[]> => {
    const response = await fetch(url + path);
    const { items } = (await response.json()) as { readonly items: readonly Item[] };
    return items;
  };
  const [task] = await read<{ readonly id: string }>('/api/tasks');
  const campaigns = await read<{ readonly id: string; readonly state: string }>('/api/campaigns?limit=200');
  const campaign = campaigns.find(({ state }) => state === 'promoted') ?? campaigns[0];
  const [decision] = await read<{ readonly decisionId: string }>('/api/decisions?rewarded=true&limit=1');
  if (task === undefined || campaign === undefined || decision === undefined)
    throw new Error('the demo left nothing to show');
  return [
    ['overview', '/console'],
    ['task', `/console/tasks/${encodeURIComponent(task.id)}`],
    ['campaign', `/console/campaigns/${encodeURIComponent(campaign.id)}`],
    ['decision', `/console/decisions/${encodeURIComponent(decision.decisionId)}`],
  ];
}

async function draw(browser: Browser, name: string, url: string): Promise<void> {
  const colorScheme = name.endsWith('dark') ? 'dark' : 'light';
  const context = await browser.newContext({ colorScheme, viewport: size, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'load' });
  // Charts are drawn when their data have come.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: fileURLToPath(new URL(`console-${name}.png`, folder)), fullPage: true });
  await context.close();
  process.stdout.write(`docs/images/console-${name}.png\n`);
}
