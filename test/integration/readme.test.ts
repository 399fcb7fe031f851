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
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The fenced blocks of a language, in order. */
const blocks = (language: string): string[] =>
  [...readme.matchAll(/^```(\w+)\n(.*?)^```/gms)].flatMap(([, name, text]) =>
    name === language && text !== undefined ? [text] : [],
  );

const commands = blocks('sh')
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
async function runCommand(command: string): Promise<string> {
  const words = command
    .replace(/^npm ci && /, '')
    .split(/\s+/)
    .slice(1);
  const { stdout } = await run('npm', ['--silent', ...words], {
    cwd: root,
    env: { ...process.env, ...environment('command') },
    maxBuffer: 1 << 24,
  });
  return stdout;
}

describe('the commands of the README', () => {
  it('are those that this file knows', () => {
    expect(commands).toEqual([
      'npm ci && npm run demo',
      'npm ci && npm test',
      'npm start',
      'npm run ratchet -- doctor',
      'npm run simulate -- --world worlds/contract-clauses.json --seed 1 --requests 4000 --json',
    ]);
  });

  // `npm test` is what runs this.
  it('npm run demo ends with a better prompt', async () => {
    const stdout = await runCommand('npm ci && npm run demo');
    expect(stdout).toContain('the prompt of contract-clauses, as it serves now');
    expect(stdout).toMatch(/^\+ /m);
  }, 120_000);

  it('npm start serves until it is told to stop', async () => {
    const child = spawn('npm', ['start'], {
      cwd: root,
      env: { ...process.env, ...environment('started') },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const url = await new Promise<string>((resolve, reject) => {
      let log = '';
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        const line = log.split('\n').find((one) => one.includes('"event":"listening"') && one.endsWith('}'));
        if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
      });
      child.once('exit', () => reject(new Error(log)));
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    // The whole group: npm, its shell, and the server.
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await exited;
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

describe('the example of the README', () => {
  it('completes through the proxy and has its score counted', async () => {
    const example = blocks('ts')[0] ?? '';
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(15);
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
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^ratchet_feedback\S*\{[^}]*outcome="(counted|noted|pending)"[^}]*\} 1$/m);
  });
});

describe('the configuration of the README', () => {
  it('is accepted', () => {
    const file = join(folder, 'ratchet.yaml');
    writeFileSync(file, blocks('yaml')[0] ?? '');
    const { tasks } = loadConfig({ RATCHET_CONFIG: file }, folder);
    expect(tasks['support-triage']).toMatchObject({ reward: { resolved: 0.8, score: 0.2 } });
  });
});
