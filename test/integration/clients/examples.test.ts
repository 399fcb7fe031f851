import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../src/runtime/package-root.ts';
import { startOpenAiService, type OpenAiService } from '../support/openai-service/openai-service.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';

const run = promisify(execFile);
const root = packageRoot();
const token = 'the-token-of-the-examples';
const packages = ['openai', 'ai', '@ai-sdk/openai', '@langchain/core', '@langchain/openai', '@openai/agents'];

/** A folder of somebody who has installed Ratchet and the clients, with the examples in it. */
let folder: string;
let upstream: OpenAiService;
let server: ServerProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-examples-'));
  const modules = join(folder, 'node_modules');
  cpSync(join(root, 'examples'), folder, { recursive: true });
  cpSync(join(root, 'package.json'), join(modules, 'ratchet/package.json'));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const output = join(modules, 'ratchet/dist/src/client');
  await run(process.execPath, [compiler, '-p', join(root, 'src/client/tsconfig.json'), '--outDir', output]);
  for (const name of packages) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  upstream = await startOpenAiService();
  server = await startServerProcess({
    RATCHET_UPSTREAM: `http://127.0.0.1:${upstream.port}/v1`,
    RATCHET_DATABASE: `sqlite:${join(folder, 'ratchet.db')}`,
    RATCHET_ADMIN_TOKEN: token,
  });
  await server.logged('ready');
});

afterAll(async () => {
  server.kill('SIGTERM');
  await server.exited;
  await upstream.close();
  rmSync(folder, { recursive: true });
});

/** What an example prints. */
async function outputOf(file: string): Promise<string> {
  const [command, ...words] = file.endsWith('.sh') ? ['bash', file] : [process.execPath, file];
  const environment = { RATCHET_URL: `${server.url}/v1`, OPENAI_API_KEY: 'sk-example' };
  const { stdout } = await run(command ?? '', words, {
    cwd: folder,
    // The Agents SDK would report its runs to OpenAI.
    env: { ...process.env, ...environment, OPENAI_AGENTS_DISABLE_TRACING: '1' },
  });
  return stdout;
}

type Item = Readonly<Record<string, unknown>>;

/** What the server has of a kind since the last time, once there is as much as is expected. */
async function newItems(path: string, known: Set<unknown>, id: string, count: number): Promise<Item[]> {
  for (const deadline = Date.now() + 10_000; ;) {
    const response = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const { items } = (await response.json()) as { readonly items: readonly Item[] };
    const found = items.filter((item) => !known.has(item[id]));
    if (found.length >= count || Date.now() > deadline) {
      for (const item of found) known.add(item[id]);
      return found;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

describe('an example, before a real server', () => {
  const decisions = new Set<unknown>();
  const feedback = new Set<unknown>();

  test.each(['openai.ts', 'ai-sdk.ts', 'langchain.ts', 'openai-agents.ts'])(
    '%s keeps a conversation and has its feedback counted',
    async (file) => {
      const output = await outputOf(file);
      expect(output.match(/^answer: .+/gm)).toEqual([
        expect.stringContaining('I was charged twice this month.'),
        expect.stringContaining('And the month before.'),
      ]);
      expect(output).toMatch(/^feedback: counted$/m);
      expect(output).toMatch(/^decision: rd_\S+$/m);
      const made = await newItems('/api/decisions', decisions, 'decisionId', 2);
      expect(made).toEqual([expect.anything(), expect.anything()]);
      // One conversation, under the name that the example gave it.
      expect(new Set(made.map(({ episodeId }) => episodeId)).size).toBe(1);
      expect(made[0]?.['episodeId']).toMatch(/^[\da-f]{8}-/);
      expect(await newItems('/api/feedback', feedback, 'feedbackId', 2)).toHaveLength(2);
    },
    60_000,
  );

  test('curl.sh asks and scores', async () => {
    const output = await outputOf('curl.sh');
    expect(output).toContain('I was charged twice this month.');
    expect(output).toMatch(/^decision: rd_\S+$/m);
    expect(output).toMatch(/"outcome":"counted"/);
    expect(await newItems('/api/decisions', decisions, 'decisionId', 1)).toHaveLength(1);
    expect(await newItems('/api/feedback', feedback, 'feedbackId', 1)).toHaveLength(1);
  });

  test('all of them worked on one task', async () => {
    const response = await fetch(`${server.url}/api/tasks`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({ items: [{ name: 'support-triage' }] });
  });
});

test('every example is run here, but for the one in Python', () => {
  expect(readdirSync(join(root, 'examples')).toSorted()).toEqual([
    'ai-sdk.ts',
    'curl.sh',
    'langchain.ts',
    'openai-agents.ts',
    'openai.ts',
    'python.py',
  ]);
});

test('the guide shows lines of the examples', () => {
  const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim());
  const known = new Set(
    readdirSync(join(root, 'examples')).flatMap((file) =>
      linesOf(readFileSync(join(root, 'examples', file), 'utf8')),
    ),
  );
  const guide = readFileSync(join(root, 'docs/clients.md'), 'utf8');
  const shown = [...guide.matchAll(/^```(?:ts|python)(?: part)?\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    linesOf(block),
  );
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter((line) => !known.has(line))).toEqual([]);
});
