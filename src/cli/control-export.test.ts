import { mkdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operatorToken } from '../console/api/api-world.case.ts';
import { startMs } from '../store/samples.case.ts';
import { listen, task, useControlWorld } from './control-world.case.ts';

const { world, bothWays, apiSays } = useControlWorld();

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
    const response = await fetch(world().server.address + path, {
      headers: { authorization: `Bearer ${operatorToken.secret}` },
    });
    expect([code, output]).toEqual([0, await response.text()]);
    expect(output.trimEnd().split('\n')).toHaveLength(count);
  });

  test('goes to a new file that its owner alone may read', async () => {
    const words = ['export', 'decisions', task, '--out', 'out.jsonl'];
    const { code, output, errors } = await world().run(...words);
    expect([code, output]).toEqual([0, '']);
    expect(errors).toMatch(/decisions of triage exported to .*out\.jsonl/);
    const file = join(world().folder, 'out.jsonl');
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(7);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await world().run(...words)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/exists already/),
    });
    mkdirSync(join(world().folder, 'folder'));
    expect((await world().run(...words.slice(0, -1), 'folder')).code).toBe(2);
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
    const { code, output, errors } = await world().run(...words);
    expect([code, output]).toEqual([1, '{"decisionId":"d0"}\n']);
    expect(errors).toMatch(/broke off: what came is not all of it/);
    expect((await world().run(...words, '--out', 'half.jsonl')).code).toBe(1);
    expect(() => statSync(join(world().folder, 'half.jsonl'))).toThrow(/ENOENT/);
    await halved.close();
  });
});
