import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { operatorToken, viewerToken } from '../console/api/api-world.case.ts';
import { createDecisionIds } from '../proxy/decision-id.ts';
import { sampleDecision, sampleTask, sampleVariant, startMs } from '../store/samples.case.ts';
import {
  openServedWorld,
  runWords,
  type ControlServer,
  type Outcome,
  type ServedWorld,
} from './cli-world.case.ts';

const variant = sampleVariant();
const other = sampleVariant('Be brief.');
const task = 'Sort support tickets';
let world: ServedWorld;

beforeEach(async () => {
  world = await openServedWorld();
});
afterEach(async () => world.close());

/** Runs a command line against the server, with a token unless told. */
async function overServer(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = { RATCHET_ADMIN_TOKEN: operatorToken.secret },
): Promise<Outcome> {
  return runWords(words, {
    folder: world.folder,
    environment: { RATCHET_SERVER: world.server.address, ...environment },
  });
}

/** The same command line by both ways. */
async function bothWays(...words: readonly string[]): Promise<Outcome> {
  const [one, two] = [await world.run(...words), await overServer(words)];
  // What only a server knows.
  expect({
    ...two,
    output: two.output.replace(
      /^(learning +).*$/m,
      '$1not paused; its server says whether it learns (--server)',
    ),
  }).toEqual(one);
  return one;
}

async function apiSays(path: string): Promise<unknown> {
  const response = await fetch(world.server.address + path, {
    headers: { authorization: `Bearer ${operatorToken.secret}` },
  });
  return response.json();
}

describe('server and database tell the same', () => {
  test.each([
    ['tasks', ['tasks'], /^TASK +ID +PLAN +SERVES.*\nSort support tickets +triage +2 +baseline +0\.000/],
    ['tasks that are searched', ['tasks', '--search', 'nothing'], /^no task yet/],
    [
      'a task',
      ['task', task],
      /triage, since .*\nplan +2: canary of campaign c1.*\nverdict +promote: it is promote/,
    ],
    ['its arms', ['task', 'triage'], /baseline +baseline +99 % +100 %/],
    ['campaigns', ['campaigns'], /^CAMPAIGN.*\nc2 +triage +shadow.*\nc1 +triage +canary +opro.*\+0\.100/],
    ['campaigns of a task', ['campaigns', '--task', task, '--state', 'ended'], /^no such campaign/],
    ['as many as asked for', ['campaigns', '--limit', '1'], /c2.*\n… older ones follow/],
    ['a campaign', ['campaign', 'c1'], /verdict +promote: it is promote[^]*\+ Answer with one word\./],
    ['its history', ['campaign', 'c1'], /History\n.*screened: test\n.*shadow: test\n.*canary: test/],
    [
      'variants that differ',
      ['diff', task, variant.id, other.id],
      /- Answer with one word\.\n +\+ Be brief\./,
    ],
    ['a variant by its beginning', ['diff', 'triage', 'baseline', variant.id.slice(0, 6)], /\+ Answer with/],
    [
      'plans that differ',
      ['diff', task, '1', '2'],
      /plan 1 .*the first one.*\nplan 2 .*canary of campaign c1/,
    ],
    ['why', ['explain', 'd3'], /served +\S+, canary: drawn by the bandit[^]*plan +2[^]*campaign +c1: canary/],
    ['what was said of it', ['explain', 'd3'], /comment +– +no .*<b>bold<\/b>|score +1 +yes/],
    ['what variants answered', ['explain', 'd2'], /SHADOW RUN OF[^]*refunds/],
    ['by the completion', ['explain', 'chatcmpl-d2'], /^d2 /],
    ['by the episode, its newest request', ['explain', 'run-1'], /^d1 [^]*episode +run-1, 2 recorded/],
  ])('%s', async (_, words, expected) => {
    const { code, output, errors } = await bothWays(...words);
    expect([code, errors]).toEqual([0, '']);
    expect(output).toMatch(expected);
  });

  test('a signed id explains its decision', async () => {
    const signed = createDecisionIds('secret').sign(sampleDecision('d4'));
    expect((await bothWays('explain', signed)).output).toMatch(/^d4 /);
  });

  test.each([
    [['tasks'], '/api/tasks?order=name'],
    [['task', task], '/api/tasks/triage'],
    [['campaigns'], '/api/campaigns'],
    [['diff', task, 'baseline', variant.id], `/api/tasks/triage/diff?to=${variant.id}`],
  ])('as JSON, %j is what the API says', async (words, path) => {
    expect(JSON.parse((await overServer([...words, '--json'])).output)).toEqual(await apiSays(path));
  });

  test('as JSON, commands that ask for several things name each', async () => {
    const campaign = JSON.parse((await overServer(['campaign', 'c1', '--json'])).output) as unknown;
    expect(campaign).toEqual({
      campaign: await apiSays('/api/campaigns/c1'),
      evidence: await apiSays('/api/campaigns/c1/evidence'),
      diff: await apiSays(`/api/tasks/triage/diff?to=${variant.id}`),
    });
    const explanation = JSON.parse((await bothWays('explain', 'd3', '--json')).output) as unknown;
    expect(explanation).toMatchObject({
      decision: await apiSays('/api/decisions/d3'),
      task: { id: 'triage' },
      plan: { version: 2 },
      variant: { id: variant.id },
      campaign: { id: 'c1' },
      episode: { items: [{ decisionId: 'd3' }], next: null },
    });
  });

  test('lists longer than a part of the API come whole', async () => {
    for (let index = 0; index < 205; index++)
      await world.store.registerTask(sampleTask({ id: `t${index}`, name: `n${index}` }));
    const { items, next } = JSON.parse((await overServer(['tasks', '--json'])).output) as {
      readonly items: readonly unknown[];
      readonly next: unknown;
    };
    expect([items.length, next]).toEqual([206, null]);
  });
});

test('credit is computed from a database, and told by a server as the gate found it last', async () => {
  expect((await world.run('credit', task)).output).toMatch(/^no edit has served in the|answered episodes/);
  expect(await overServer(['credit', task])).toMatchObject({
    code: 0,
    output: 'the gate has not looked at it yet\n',
  });
});

test('an id that begins with a dash is no option', async () => {
  const id = '-tASK-of-16-char';
  await world.store.registerTask(sampleTask({ id, name: 'dashed' }));
  expect((await bothWays('task', id)).output).toContain(`dashed  ${id}, since`);
  expect((await bothWays('campaigns', '--task', id)).output).toBe('no such campaign\n');
  expect((await bothWays('pin', id, '--nothing-16-char', 'baseline')).code).toBe(2);
});

test('colours are for terminals that want them', async () => {
  const words = ['campaign', 'c1'];
  const environment = { USER: 'ada' };
  const terminal = { columns: 60, hasColour: true };
  const coloured = await runWords(words, { folder: world.folder, environment, terminal });
  expect(coloured.output).toContain('\u001B[32m+ Answer with one word.\u001B[39m');
  const plain = await runWords(words, {
    folder: world.folder,
    environment,
    terminal: { ...terminal, hasColour: false },
  });
  expect(plain).toEqual(await world.run(...words));
});

describe('what cannot be', () => {
  test.each([
    [['task', 'nobody'], /there is no task "nobody"; see ratchet tasks/],
    [['task', '..'], /there is no task "\.\."/],
    [['campaign', 'c9'], /there is no campaign "c9"/],
    [['explain', 'd99'], /no record of a decision, completion or episode "d99"/],
    [['diff', task, 'baseline', 'nothing'], /there is no variant "nothing"/],
    [['diff', task, '1', '9'], /the task has no plan 9/],
    [['export', 'sft', 'nobody'], /there is no task "nobody"/],
  ])('%j fails in a line, whomever it asks', async (words, expected) => {
    const { code, output, errors } = await bothWays(...words);
    expect([code, output, errors.split('\n').length]).toEqual([1, '', 2]);
    expect(errors).toMatch(expected);
  });

  test('two tasks of one name are told apart by their ids', async () => {
    await world.store.registerTask(sampleTask({ id: 'twin' }));
    expect((await bothWays('task', task)).errors).toMatch(/may be several: (triage, twin|twin, triage)/);
    expect((await bothWays('task', 'twin')).code).toBe(0);
  });

  test('a wrong token and none are refused, and told by what was sent', async () => {
    const wrong = { RATCHET_ADMIN_TOKEN: 'nobody-knows-this-token' };
    expect(await overServer(['tasks'], wrong)).toEqual({
      code: 1,
      output: '',
      errors: `ratchet: ${world.server.address} does not know this admin token\n`,
    });
    expect((await overServer(['tasks'], {})).errors).toMatch(
      /asks for an admin token: set RATCHET_ADMIN_TOKEN/,
    );
  });

  test('a viewer may look, and change nothing', async () => {
    const viewer = { RATCHET_ADMIN_TOKEN: viewerToken.secret };
    expect((await overServer(['task', 'triage'], viewer)).code).toBe(0);
    expect(await overServer(['pause', 'triage'], viewer)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/the role operator is needed/),
    });
  });

  test('a token may come from a file, which has to hold one', async () => {
    writeFileSync(join(world.folder, 'token'), `${viewerToken.secret}\n`);
    const words = ['tasks', '--server', world.server.address, '--token-file'];
    expect((await world.run(...words, 'token')).code).toBe(0);
    writeFileSync(join(world.folder, 'empty'), ' \n');
    expect(await world.run(...words, 'empty')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/--token-file: .*empty holds no token/),
    });
    expect((await world.run(...words, 'none')).code).toBe(2);
  });

  test('a server that is gone, and one that is no Ratchet', async () => {
    await world.server.close();
    expect(await overServer(['tasks'])).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/cannot be reached \(ECONNREFUSED\); is the server running/),
    });
    const stranger = await listen((_, response) => response.end('<html>'));
    expect((await world.run('tasks', '-s', stranger.address)).errors).toMatch(
      /nothing that this version of ratchet understands/,
    );
    await stranger.close();
  });

  test('the token is not taken along to where a server sends us', async () => {
    const asked: (string | undefined)[] = [];
    const thief = await listen((request, response) => {
      asked.push(request.headers.authorization);
      response.end('{}');
    });
    const liar = await listen((_, response) => response.writeHead(307, { location: thief.address }).end());
    const words = ['tasks', '--server', liar.address];
    expect((await overServer(words)).code).toBe(1);
    expect(asked).toEqual([]);
    await liar.close();
    await thief.close();
  });

  test.each([
    ['an address that is none', ['tasks', '--server', 'localhost'], /--server: expected the address/],
    ['server and database at once', ['tasks', '-s', 'http://a', '-d', 'sqlite:./x.db'], /not both/],
    ['a person beside a token', ['pause', 'triage', '-s', 'http://a', '--by', 'eve'], /--by: a server knows/],
    ['a token without a server', ['tasks', '--token-file', 'x'], /--token-file: is for --server/],
    ['no limit', ['campaigns', '--limit', '0'], /--limit: expected/],
    ['no state', ['campaigns', '--state', 'odd'], /Allowed choices/],
    ['a moment that is none', ['export', 'sft', 'triage', '--since', 'once'], /since: expected a date/],
    ['what is not for this export', ['export', 'sft', 'triage', '--texts'], /--texts: is not for sft/],
  ])('%s exits with 2', async (_, words, expected) => {
    expect(await world.run(...words)).toMatchObject({ code: 2, errors: expect.stringMatching(expected) });
  });

  test('a database that is named comes before the server of the environment', async () => {
    const words = ['tasks', '--database', 'sqlite:./none.db'];
    expect((await overServer(words)).errors).toMatch(/there is no database at .*none\.db/);
  });
});

test('names and texts of others steer no terminal', async () => {
  const evil = '\u001B]0;owned\u0007\u001B[2J\u202Eexe.\nsecond line';
  await world.store.registerTask(sampleTask({ id: 'evil', name: evil }));
  const { content } = sampleDecision('e1');
  await world.store.recordDecisions([
    sampleDecision('e1', {
      taskId: 'evil',
      episodeId: evil,
      content: content && { ...content, completion: { ...content.completion, text: evil } },
    }),
  ]);
  for (const words of [
    ['tasks'],
    ['task', 'evil'],
    ['explain', 'e1'],
    ['task', `no${evil}`],
    ['explain', 'e1', '--json'],
  ]) {
    const { output, errors } = await bothWays(...words);
    // oxlint-disable-next-line no-control-regex
    expect(output + errors).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
  }
});

describe('export', () => {
  test.each([
    ['episodes', ['episodes', task], '/api/export/episodes?task=triage', 5],
    ['decisions', ['decisions', task, '--texts'], '/api/export/decisions?task=triage&texts=true', 6],
    [
      'part',
      ['decisions', task, '--until', `${startMs + 1000}`],
      `/api/export/decisions?task=triage&until=${startMs + 1000}`,
      2,
    ],
    [
      'preferences',
      ['preferences', task, '--format', 'trl'],
      '/api/export/preferences?task=triage&format=trl',
      1,
    ],
    ['sft', ['sft', task, '--above', '0.1'], '/api/export/sft?task=triage&above=0.1', 3],
  ])('%s are the API’s, line by line', async (_, words, path, count) => {
    const { code, output } = await bothWays('export', ...words);
    const response = await fetch(world.server.address + path, {
      headers: { authorization: `Bearer ${operatorToken.secret}` },
    });
    expect([code, output]).toEqual([0, await response.text()]);
    expect(output.trimEnd().split('\n')).toHaveLength(count);
  });

  test('goes to a new file that its owner alone may read', async () => {
    const words = ['export', 'decisions', task, '--out', 'out.jsonl'];
    const { code, output, errors } = await world.run(...words);
    expect([code, output]).toEqual([0, '']);
    expect(errors).toMatch(/decisions of triage exported to .*out\.jsonl/);
    const file = join(world.folder, 'out.jsonl');
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(7);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await world.run(...words)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/exists already/),
    });
    mkdirSync(join(world.folder, 'folder'));
    expect((await world.run(...words.slice(0, -1), 'folder')).code).toBe(2);
  });

  test('one that breaks off fails, and leaves no file', async () => {
    const halved = await listen((request, response) => {
      if (request.url?.startsWith('/api/export') !== true) {
        void apiSays(request.url ?? '').then((answer) => response.end(JSON.stringify(answer)));
        return;
      }
      response.write('{"decisionId":"d0"}\n');
      setTimeout(() => response.destroy(), 20);
    });
    const words = ['export', 'decisions', 'triage', '-s', halved.address];
    const { code, output, errors } = await world.run(...words);
    expect([code, output]).toEqual([1, '{"decisionId":"d0"}\n']);
    expect(errors).toMatch(/broke off: what came is not all of it/);
    expect((await world.run(...words, '--out', 'half.jsonl')).code).toBe(1);
    expect(() => statSync(join(world.folder, 'half.jsonl'))).toThrow(/ENOENT/);
    await halved.close();
  });
});

async function listen(handle: Parameters<typeof createServer>[1]): Promise<ControlServer> {
  const stranger: Server = createServer(handle);
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`,
    close: async () => {
      stranger.closeAllConnections();
      await new Promise((resolve) => stranger.close(resolve));
    },
  };
}
