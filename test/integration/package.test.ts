import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** A Node that the machine has beside the pinned one, if it is too old for Ratchet. */
async function findOldNode(): Promise<string | undefined> {
  for (const path of ['/usr/bin/node', '/usr/local/bin/node']) {
    if (!existsSync(path)) continue;
    const { stdout } = await run(path, ['--version']);
    if (Number(/^v(\d+)/.exec(stdout)?.[1]) < 24) return path;
  }
  return undefined;
}

describe('the packed tarball, installed into an empty folder', () => {
  let folder: string;
  let entry: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratchet-package-'));
    await run('npm', ['pack', '--pack-destination', folder], { cwd: root });
    const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
    await writeFile(join(folder, 'package.json'), '{"name":"empty","version":"1.0.0","private":true}');
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`], {
      cwd: folder,
    });
    entry = join(folder, 'node_modules/ratchet/bin/ratchet.js');
  }, 300_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds compiled code and no tests', async () => {
    const files = await readdir(join(folder, 'node_modules/ratchet'), { recursive: true });
    expect(files.filter((file) => /\.(test|case)\./.test(file))).toEqual([]);
    expect(files).toContain('dist/src/main.js');
    expect(files.filter((file) => file.startsWith('src/'))).toEqual([]);
  });

  it('tells its commands', async () => {
    const { stdout } = await run(process.execPath, [entry, '--help'], { cwd: folder });
    for (const command of ['serve', 'demo', 'simulate', 'doctor', 'migrate'])
      expect(stdout).toContain(command);
  });

  it('runs the demo', async () => {
    const demo = [entry, 'demo', '--json', '--requests', '6000'];
    const { stdout } = await run(process.execPath, demo, { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ requests: 6000, harmfulPromotions: 0 });
  }, 120_000);

  it('exports a client that needs nothing else, with its types', async () => {
    await writeFile(
      join(folder, 'client.ts'),
      `import { createRatchet, decisionOf, type FeedbackReceipt } from 'ratchet/client';
       const ratchet = createRatchet({ baseURL: 'http://127.0.0.1:9/v1', attemptsMax: 1, onError: () => {} });
       const receipt: Promise<FeedbackReceipt> = ratchet.feedback({ id: decisionOf({}) ?? 'd', score: 1 });
       // @ts-expect-error there is nothing in it
       void ratchet.feedback({ id: 'd' });
       receipt.catch((error) => console.log(error.name, error.code));`,
    );
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    for (const resolution of ['nodenext', 'bundler']) {
      const module = resolution === 'bundler' ? 'esnext' : resolution;
      const options = ['--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
      const where = ['--module', module, '--moduleResolution', resolution, 'client.ts'];
      await run(process.execPath, [compiler, ...options, ...where], { cwd: folder });
    }
    await writeFile(join(folder, 'client.mjs'), await readFile(join(folder, 'client.js')));
    // What the client supports is older than what the server needs.
    for (const node of [process.execPath, (await findOldNode()) ?? process.execPath]) {
      const { stdout } = await run(node, ['client.mjs'], { cwd: folder });
      expect(stdout).toBe('RatchetClientError connection_failed\n');
    }
  }, 60_000);

  it('says in one line which Node it needs when the Node is too old', async (context) => {
    const old = await findOldNode();
    if (old === undefined) {
      context.skip('this machine has no Node older than 24');
      return;
    }
    const failure = await run(old, [entry, 'serve'], { cwd: folder }).then(
      () => undefined,
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect(failure?.code).toBe(1);
    expect(failure?.stdout).toBe('');
    expect(failure?.stderr.trim().split('\n')).toHaveLength(1);
    expect(failure?.stderr).toMatch(/Node 24/);
  });
});
