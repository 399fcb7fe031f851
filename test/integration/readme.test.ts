import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';
import { startSmallUpstream, type SmallUpstream } from './support/small-upstream.ts';

const run = promisify(execFile);
const root = packageRoot();

/** The fenced blocks of a page in a language, in order. */
const blocks = (page: string, language: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w+)\n(.*?)^```/gms)].flatMap(([, name, text]) =>
    name === language && text !== undefined ? [text] : [],
  );

const commands = blocks('README.md', 'sh')
  .flatMap((block) => block.split('\n'))
  .map((line) => line.replace(/#.*/, '').trim())
  .filter((line) => line !== '');

let folder: string;
let upstream: SmallUpstream;
let server: ServerProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-readme-'));
  upstream = await startSmallUpstream();
  server = await startServerProcess(environment('served'));
});

afterAll(async () => {
  server.kill('SIGTERM');
  await server.exited;
  await upstream.close();
  rmSync(folder, { recursive: true });
});

function environment(name: string): Record<string, string> {
  return {
    RATCHET_UPSTREAM: upstream.url,
    RATCHET_DATABASE: `sqlite:${join(folder, `${name}.db`)}`,
    RATCHET_PORT: '0',
  };
}

/** How a command of the page is run here, given the words behind `npm`. */
async function runCommand(command: string, more: Record<string, string> = {}): Promise<string> {
  const words = command.split(/\s+/).slice(1);
  const { stdout } = await run('npm', ['--silent', ...words], {
    cwd: root,
    env: { ...process.env, ...environment('command'), ...more },
    maxBuffer: 1 << 24,
  });
  return stdout;
}

/** Starts npm with some words, and waits until what it prints has what is looked for. */
async function startAsUser(
  words: readonly string[],
  stream: 'stdout' | 'stderr',
  find: (output: string) => string | undefined,
): Promise<{ readonly found: string; readonly output: () => string; readonly end: () => Promise<void> }> {
  const child = spawn('npm', words, {
    cwd: root,
    env: { ...process.env, ...environment('started') },
    detached: true,
  });
  let output = '';
  const exited = new Promise((resolve) => child.once('exit', resolve));
  // Both are read: a full pipe would hold the process up.
  child.stdout.resume();
  child.stderr.resume();
  const found = await new Promise<string>((resolve, reject) => {
    child[stream].on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const text = find(output);
      if (text !== undefined) resolve(text);
    });
    child.once('exit', () => reject(new Error(output)));
  });
  const end = async (): Promise<void> => {
    // The whole group: npm, its shell, and the server.
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await exited;
  };
  return { found, output: () => output, end };
}

/** Where the links of a page lead, as far as they match, each once. */
function hrefs(html: string, pattern: RegExp): readonly string[] {
  const all = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);
  return [...new Set(all.filter((href) => pattern.test(href)))];
}

describe('the commands of the README', () => {
  it('are those that this file knows', () => {
    expect(commands).toEqual([
      'npm ci',
      'npm run demo -- --keep',
      'npm start',
      'npm run ratchet -- doctor',
      'npm run simulate -- --world worlds/contract-clauses.json --seed 1 --requests 4000 --json',
    ]);
  });

  it('npm run demo -- --keep leads to a promotion that the console explains', async () => {
    const demo = await startAsUser(['run', 'demo', '--', '--keep'], 'stdout', (output) =>
      /^ +metrics +http/m.test(output) ? /^ +console +(\S+)$/m.exec(output)?.[1] : undefined,
    );
    expect(demo.output()).toMatch(/as it serves now:\n(?:.*\n)*?\+ /);
    const page = async (path: string): Promise<string> => {
      const response = await fetch(new URL(path, demo.found));
      expect(response.status).toBe(200);
      return response.text();
    };
    const [task = ''] = hrefs(await page(demo.found), /\/console\/tasks\/[^/"?]+$/);
    const campaigns = hrefs(await page(task), /\/console\/campaigns\/[^/"?]+$/);
    const explained = (await Promise.all(campaigns.map(page))).filter((html) =>
      />\s*promoted\s*</.test(html),
    );
    expect(explained).not.toEqual([]);
    for (const part of ['What it changes', 'How close it is to a verdict', 'Effect', 'What happened'])
      expect(explained[0]).toContain(part);

    const told = await Promise.all(
      blocks('docs/quickstart.md', 'sh')
        .flatMap((block) => block.split('\n'))
        .filter((line) => line.startsWith('npm run ratchet -- ') && !line.includes('doctor'))
        .map((line) => runCommand(line, { RATCHET_SERVER: new URL(demo.found).origin })),
    );
    expect(told).toHaveLength(2);
    for (const text of told) expect(text).toMatch(/promot/);
    await demo.end();
    await expect(fetch(demo.found)).rejects.toThrow();
  }, 180_000);

  it('npm start serves until it is told to stop', async () => {
    const started = await startAsUser(['start'], 'stderr', (log) => {
      const line = log.split('\n').find((one) => one.includes('"event":"listening"') && one.endsWith('}'));
      return line === undefined ? undefined : (JSON.parse(line) as { readonly url: string }).url;
    });
    const url = started.found;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await started.end();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  }, 30_000);

  it('npm run ratchet -- doctor finds nothing wrong with a server that works', async () => {
    expect(await runCommand('npm run ratchet -- doctor')).toMatch(/upstream/);
  });

  it('npm run simulate prints one line of JSON', async () => {
    const command = commands.find((line) => line.includes('simulate')) ?? '';
    const report: unknown = JSON.parse(await runCommand(command));
    expect(report).toMatchObject({
      world: 'contract-clauses',
      seed: 1,
      requests: 4000,
      harmfulPromotions: 0,
    });
  }, 60_000);
});

describe('the examples of README and quickstart', () => {
  it.each([
    ['README.md', 15],
    ['docs/quickstart.md', 20],
  ])('%s completes through the proxy and has its score counted', async (page, linesMax) => {
    const example = blocks(page, 'ts')[0] ?? '';
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(linesMax);
    const before = await countedFeedback();
    // The file has to lie where the `openai` package is found.
    const file = join(root, 'test', `readme-example-${process.pid}.ts`);
    writeFileSync(file, example.replaceAll('http://127.0.0.1:8787', server.url));
    try {
      const { stdout } = await run(process.execPath, [file], {
        env: { ...process.env, OPENAI_API_KEY: 'sk-example' },
      });
      expect(stdout.trim()).not.toBe('');
    } finally {
      rmSync(file);
    }
    expect((await countedFeedback()) - before).toBe(1);
  });

  async function countedFeedback(): Promise<number> {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const counts = metrics.matchAll(
      /^ratchet_feedback_total\{[^}]*outcome="(?:counted|noted|pending)"[^}]*\} (\d+)$/gm,
    );
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }
});

describe('the configuration of the README', () => {
  it('is accepted', () => {
    const file = join(folder, 'ratchet.yaml');
    writeFileSync(file, blocks('README.md', 'yaml')[0] ?? '');
    const { tasks } = loadConfig({ RATCHET_CONFIG: file }, folder);
    expect(tasks['support-triage']).toMatchObject({ reward: { resolved: 0.8, score: 0.2 } });
  });
});
