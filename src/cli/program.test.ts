import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commands } from './commands.ts';
import { runWords, type Outcome } from './cli-world.case.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(words: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return runWords(words, { environment, folder });
}

describe('usage', () => {
  test('help lists every command and the exit codes, and exits with 0', async () => {
    const { code, output } = await run(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of commands)
      expect(output).toMatch(new RegExp(`${name}.*${summary.slice(0, 20)}`));
    expect(output).toMatch(/Exit codes: 0 done, 1 failed, 2/);
  });

  test.each(commands.map(({ name }) => name))('%s explains itself with examples', async (name) => {
    const { code, output } = await run([name, '--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/Examples?:/);
    expect(output).toContain(`ratchet ${name}`);
  });

  test.each([
    ['no command', []],
    ['an unknown command', ['sevre']],
    ['an unknown option', ['serve', '--prot', '1']],
    ['an option without its value', ['serve', '--port']],
    ['too many words', ['migrate', 'everything']],
  ])('%s exits with 2 and explains', async (_, words) => {
    const { code, errors } = await run(words);
    expect(code).toBe(2);
    expect(errors).not.toBe('');
  });

  test('a misspelt command is recognised', async () => {
    expect((await run(['sevre'])).errors).toMatch(/Did you mean serve/);
  });

  test('--version prints the version', async () => {
    const { code, output } = await run(['--version']);
    expect([code, output]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  test('a wrong configuration exits with 2 and names the setting', async () => {
    const { code, errors } = await run(['migrate'], { RATCHET_RECORD: 'all' });
    expect([code, errors]).toEqual([2, expect.stringMatching(/^ratchet: RATCHET_RECORD: /)]);
  });

  test('the command line wins over environment and file', async () => {
    writeFileSync(join(folder, 'ratchet.yaml'), 'database: sqlite:./file.db');
    const { output } = await run(['migrate', '-d', 'sqlite:./line.db'], {
      RATCHET_DATABASE: 'sqlite:./variable.db',
    });
    expect(output).toContain('line.db created');
  });
});

test('backup copies the database, and says where one is that it cannot copy', async () => {
  await run(['migrate']);
  expect(await run(['backup', 'copy.db'])).toMatchObject({
    code: 0,
    output: expect.stringContaining(`${folder}/ratchet.db copied to ${folder}/copy.db`),
  });
  expect(await run(['backup', 'copy.db'])).toMatchObject({ code: 1, output: '' });
  expect(await run(['backup', '-d', 'sqlite:./none.db', 'other.db'])).toMatchObject({ code: 1, output: '' });
  expect(await run(['backup', '-d', 'postgres://me:hidden@db/ratchet', 'x'])).toMatchObject({
    code: 2,
    errors: expect.stringMatching(/^(?!.*hidden).*pg_dump/s),
  });
});

test('migrate creates the database, and finds it up to date the next time', async () => {
  expect(await run(['migrate'])).toEqual({ code: 0, output: `${folder}/ratchet.db created\n`, errors: '' });
  expect(await run(['migrate'])).toEqual({
    code: 0,
    output: `${folder}/ratchet.db is up to date\n`,
    errors: '',
  });
});

test('schema prints the JSON schema of the configuration file', async () => {
  const { code, output } = await run(['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ type: 'object', properties: { port: { default: 8787 } } });
});

describe('doctor', () => {
  interface Report {
    readonly isFine: boolean;
    readonly findings: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
  }

  async function doctor(environment: Record<string, string>): Promise<{ readonly code: number } & Report> {
    const { code, output } = await run(['doctor', '--json'], { RATCHET_PORT: '0', ...environment });
    return { code, ...(JSON.parse(output) as Report) };
  }

  async function withUpstream<T>(
    answer: { readonly status: number; readonly date?: string },
    work: (url: string) => Promise<T>,
    onRequest: (headers: IncomingHttpHeaders) => void = () => {},
  ): Promise<T> {
    const server = createServer(({ headers }, response) => {
      onRequest(headers);
      response.writeHead(answer.status, answer.date === undefined ? {} : { date: answer.date });
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }
  const statusOf = (report: Report): Record<string, string> =>
    Object.fromEntries(report.findings.map(({ name, status }) => [name, status]));

  test('finds nothing wrong with a server that would work', async () => {
    const report = await withUpstream({ status: 200 }, (url) =>
      doctor({ RATCHET_UPSTREAM: url, RATCHET_LEARNING_KEY: 'k' }),
    );
    expect([report.code, report.isFine]).toEqual([0, true]);
    expect(statusOf(report)).toEqual({
      configuration: 'ok',
      upstream: 'ok',
      clock: 'ok',
      port: 'ok',
      database: 'ok',
      recording: 'ok',
      learning: 'ok',
    });
  });

  test('says that nothing is learned without a key, or without recorded text', async () => {
    const report = await withUpstream({ status: 401 }, (url) =>
      doctor({ RATCHET_UPSTREAM: url, RATCHET_RECORD: 'metadata' }),
    );
    expect(report.code).toBe(0);
    expect(statusOf(report)).toMatchObject({ upstream: 'ok', recording: 'warning', learning: 'warning' });
  });

  test('counts requests that are mirrored while they pass as something to learn from', async () => {
    writeFileSync(join(folder, 'ratchet.yaml'), 'tasks: {triage: {shadow: {mode: mirror}}}\n');
    const report = await withUpstream({ status: 401 }, (url) =>
      doctor({ RATCHET_UPSTREAM: url, RATCHET_RECORD: 'metadata' }),
    );
    expect(statusOf(report)).toMatchObject({ recording: 'ok' });
  });

  test('fails when the key is refused', async () => {
    const report = await withUpstream({ status: 401 }, (url) =>
      doctor({ RATCHET_UPSTREAM: url, RATCHET_UPSTREAM_KEY: 'k' }),
    );
    expect([report.code, statusOf(report)['upstream']]).toEqual([1, 'failure']);
  });

  test('fails when the upstream cannot be reached', async () => {
    const report = await doctor({ RATCHET_UPSTREAM: 'http://127.0.0.1:9/v1' });
    expect([report.code, statusOf(report)['upstream']]).toEqual([1, 'failure']);
  });

  test('asks every upstream that is in use, each with its own key', async () => {
    const keys: (string | undefined)[] = [];
    const report = await withUpstream(
      { status: 401 },
      (url) => {
        writeFileSync(
          join(folder, 'ratchet.yaml'),
          `upstreams:
  azure: {url: ${url}, key_env: AZURE_KEY, key_header: api-key}
  dead: {url: "http://127.0.0.1:9/v1"}
  spare: {url: "http://127.0.0.1:9/v1"}
fallback: [default, azure, dead]
`,
        );
        return doctor({ RATCHET_UPSTREAM: url, AZURE_KEY: 'sk-azure' });
      },
      (headers) => keys.push(headers['api-key']?.toString()),
    );
    expect(statusOf(report)).toMatchObject({
      configuration: 'warning',
      upstream: 'ok',
      'upstream azure': 'failure',
      'upstream dead': 'failure',
    });
    expect(statusOf(report)['upstream spare']).toBeUndefined();
    expect(new Set(keys)).toEqual(new Set(['sk-azure', undefined]));
    expect(JSON.stringify(report)).not.toContain('sk-azure');
  });

  test('warns of a clock that is off', async () => {
    const date = new Date(Date.now() - 10 * 60_000).toUTCString();
    const report = await withUpstream({ status: 200, date }, (url) => doctor({ RATCHET_UPSTREAM: url }));
    expect(statusOf(report)['clock']).toBe('warning');
  });

  test('warns of a database that others can read, and fails where none can be written', async () => {
    writeFileSync(join(folder, 'open.db'), '', { mode: 0o644 });
    const open = await doctor({ RATCHET_DATABASE: 'sqlite:./open.db' });
    expect(statusOf(open)['database']).toBe('warning');
    const deep = await doctor({ RATCHET_DATABASE: 'sqlite:./new/folder/ratchet.db' });
    expect(statusOf(deep)['database']).toBe('ok');
    const impossible = await doctor({ RATCHET_DATABASE: 'sqlite:./open.db/ratchet.db' });
    expect(statusOf(impossible)['database']).toBe('failure');
  });

  test('reports a wrong configuration as a finding', async () => {
    const report = await doctor({ RATCHET_RECORD: 'all' });
    expect([report.code, report.findings.length]).toEqual([1, 1]);
    expect(report.findings[0]?.detail).toMatch(/^RATCHET_RECORD/);
  });

  test('prints text for people, with what to do', async () => {
    const { output } = await run(['doctor'], {
      RATCHET_UPSTREAM: 'http://127.0.0.1:9/v1',
      RATCHET_PORT: '0',
    });
    expect(output).toMatch(/✗ upstream .*cannot be reached/);
    expect(output).toMatch(/→ set RATCHET_LEARNING_KEY/);
  });
});
