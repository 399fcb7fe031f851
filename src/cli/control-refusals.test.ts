import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { viewerToken } from '../console/api/api-world.case.ts';
import { sampleTask } from '../store/samples.case.ts';
import { listen, task, useControlWorld } from './control-world.case.ts';

const { world, overServer, bothWays } = useControlWorld();

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
    await world().store.registerTask(sampleTask({ id: 'twin' }));
    expect((await bothWays('task', task)).errors).toMatch(/may be several: (triage, twin|twin, triage)/);
    expect((await bothWays('task', 'twin')).code).toBe(0);
  });

  test('a wrong token and none are refused, and told by what was sent', async () => {
    const wrong = { RATCHET_ADMIN_TOKEN: 'nobody-knows-this-token' };
    expect(await overServer(['tasks'], wrong)).toEqual({
      code: 1,
      output: '',
      errors: `ratchet: ${world().server.address} does not know this admin token\n`,
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
    writeFileSync(join(world().folder, 'token'), `${viewerToken.secret}\n`);
    const words = ['tasks', '--server', world().server.address, '--token-file'];
    expect((await world().run(...words, 'token')).code).toBe(0);
    writeFileSync(join(world().folder, 'empty'), ' \n');
    expect(await world().run(...words, 'empty')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/--token-file: .*empty holds no token/),
    });
    expect((await world().run(...words, 'none')).code).toBe(2);
  });

  test('a server that is gone, and one that is no Ratchet', async () => {
    await world().server.close();
    expect(await overServer(['tasks'])).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/cannot be reached \(ECONNREFUSED\); is the server running/),
    });
    const stranger = await listen((_, response) => response.end('<html>'));
    expect((await world().run('tasks', '-s', stranger.address)).errors).toMatch(
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
    expect(await world().run(...words)).toMatchObject({ code: 2, errors: expect.stringMatching(expected) });
  });

  test('a database that is named comes before the server of the environment', async () => {
    const words = ['tasks', '--database', 'sqlite:./none.db'];
    expect((await overServer(words)).errors).toMatch(/there is no database at .*none\.db/);
  });
});
