import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runWords } from './cli-world.case.ts';
import { commands } from './commands.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-completion-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const scriptFor = async (shell: string): Promise<string> =>
  (await runWords(['completion', shell], { folder, environment: {} })).output;

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

/** What bash offers behind some words, the last of which is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const file = join(folder, 'completion.bash');
  writeFileSync(file, await scriptFor('bash'));
  const typed = words.map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = spawnSync('bash', [
    '-c',
    `source ${file}; COMP_WORDS=(ratchet ${typed}); COMP_CWORD=${words.length}; _ratchet; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ]);
  expect(stderr.toString()).toBe('');
  return stdout.toString().trim().split('\n');
}

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  test('knows every command, and its options with their choices', async () => {
    const script = await scriptFor(shell);
    for (const { name } of commands) expect(script).toContain(name);
    expect(script).toContain('openai trl');
    expect(script).toContain('token-file');
  });

  test.skipIf(!isInstalled(shell))('is one that the shell can read', async () => {
    const file = join(folder, 'script');
    writeFileSync(file, await scriptFor(shell));
    const { status, stderr } = spawnSync(shell, ['-n', file]);
    expect([status, stderr.toString()]).toEqual([0, '']);
  });
});

describe.skipIf(!isInstalled('bash'))('bash', () => {
  test.each([
    [['ca'], ['campaigns', 'campaign']],
    [['campaigns', '--st'], ['--state']],
    [['campaigns', '--state', 'w'], ['waiting']],
    [['export', 'pre'], ['preferences']],
    [
      ['export', 'preferences', 'x', '--format', ''],
      ['openai', 'trl'],
    ],
    [['keys', 'new-'], ['new-admin']],
    [['tasks', '--server', ''], ['']],
  ])('behind %j offers %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });
});

test('an unknown shell is a mistake of the command line', async () => {
  expect((await runWords(['completion', 'csh'], { folder, environment: {} })).code).toBe(2);
});
