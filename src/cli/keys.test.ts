import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { runWords, type Outcome } from './cli-world.case.ts';
import { strengthOf } from './secret-strength.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-keys-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(words: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return runWords(['keys', ...words], { folder, environment });
}

interface Made {
  readonly variable: string;
  readonly entry: string;
  readonly secret: string;
}

describe('a new key', () => {
  test.each([
    [['new', 'web'], 'keys', [{ id: 'web', roles: ['infer', 'feedback'] }]],
    [['new', 'web', '--roles', 'infer+trusted'], 'keys', [{ id: 'web', roles: ['infer', 'trusted'] }]],
    [['new-admin', 'ada'], 'adminTokens', [{ id: 'ada', role: 'viewer' }]],
    [['new-admin', 'ada', '--roles', 'operator'], 'adminTokens', [{ id: 'ada', role: 'operator' }]],
  ] as const)('made by %j is what the configuration takes', async (words, setting, expected) => {
    const made = JSON.parse((await run([...words, '--json'])).output) as Made;
    const config = loadConfig({ [made.variable]: made.entry }, folder);
    expect(config[setting]).toMatchObject(expected);
    expect(strengthOf(made.secret).isStrong).toBe(true);
    expect(JSON.parse((await run([...words, '--json'])).output)).not.toMatchObject({ secret: made.secret });
  });

  test('is shown with the line for the variable', async () => {
    const { output } = await run(['new', 'web']);
    const secret = /web:([\w-]{43}):infer\+feedback/.exec(output)?.[1];
    expect(output).toContain(`add to RATCHET_KEYS`);
    expect(output).toContain(`clients send as their API key: ${secret}`);
  });

  test.each([
    ['without an id', ['new']],
    ['with an id that is none', ['new', 'a:b']],
    ['with an id that is taken', ['new', 'web']],
    ['with an unknown role', ['new', 'x', '--roles', 'root']],
    ['of an admin with two roles', ['new-admin', 'x', '--roles', 'viewer+operator']],
    ['that is a list', ['list', 'x']],
    ['of an unknown kind', ['old']],
  ])('%s is refused', async (_, words) => {
    const environment = { RATCHET_KEYS: 'web:t0pQ-9sYz_71kLmN:infer' };
    expect(await run(words, environment)).toMatchObject({ code: 2, output: '' });
  });
});

describe('the list', () => {
  const secrets = {
    web: 't0pQ-9sYz_71kLmN',
    ci: 'aaaaaaaaaaaaaaaa',
    ada: 'Zk3-pPq81_xYwQ0v',
    old: 'correct-horse-battery',
  };
  const environment = {
    RATCHET_KEYS: `web:${secrets.web}:infer+feedback,ci:${secrets.ci}:infer`,
    RATCHET_ADMIN_TOKENS: `ada:${secrets.ada}:operator,old:${secrets.old}:viewer`,
  };

  test('has ids, roles and strengths, and no secret', async () => {
    const { code, output } = await run([], environment);
    expect(code).toBe(1);
    expect(output).toMatch(/^key +web +infer\+feedback +looks random$/m);
    expect(output).toMatch(/^key +ci +infer +WEAK: has too few different characters$/m);
    expect(output).toMatch(/^admin token +ada +operator +looks random$/m);
    expect(output).toMatch(/^admin token +old +viewer +WEAK: looks like words$/m);
    const json = (await run(['--json'], environment)).output;
    for (const secret of Object.values(secrets)) expect(output + json).not.toContain(secret);
    expect(JSON.parse(json)).toMatchObject({ keys: [{ weakness: null }, {}], adminTokens: [{}, {}] });
  });

  test('says that there is nothing', async () => {
    expect(await run([])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^no key and no admin token/),
    });
  });
});

test('random secrets are strong, repetition of a few characters is not', () => {
  const random = fc.uint8Array({ minLength: 24, maxLength: 48 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(
      random.filter((bytes) => new Set(bytes).size > 16),
      (bytes) => {
        expect(strengthOf(bytes.toString('base64url')).isStrong).toBe(true);
      },
    ),
  );
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 2 }),
      fc.integer({ min: 8, max: 20 }),
      (piece, count) => {
        expect(strengthOf(piece.repeat(count)).isStrong).toBe(false);
      },
    ),
  );
});
