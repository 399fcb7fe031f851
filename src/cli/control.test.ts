import { describe, expect, test } from 'vitest';
import { createDecisionIds } from '../proxy/decision-id.ts';
import { sampleDecision, sampleTask, sampleVariant } from '../store/samples.case.ts';
import { runWords } from './cli-world.case.ts';
import { task, useControlWorld } from './control-world.case.ts';

const variant = sampleVariant();
const other = sampleVariant('Be brief.');
const { world, overServer, bothWays, apiSays } = useControlWorld();

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
      await world().store.registerTask(sampleTask({ id: `t${index}`, name: `n${index}` }));
    const { items, next } = JSON.parse((await overServer(['tasks', '--json'])).output) as {
      readonly items: readonly unknown[];
      readonly next: unknown;
    };
    expect([items.length, next]).toEqual([206, null]);
  });
});

test('credit is computed from a database, and told by a server as the gate found it last', async () => {
  expect((await world().run('credit', task)).output).toMatch(/^no edit has served in the|answered episodes/);
  expect(await overServer(['credit', task])).toMatchObject({
    code: 0,
    output: 'the gate has not looked at it yet\n',
  });
});

test('an id that begins with a dash is no option', async () => {
  const id = '-tASK-of-16-char';
  await world().store.registerTask(sampleTask({ id, name: 'dashed' }));
  expect((await bothWays('task', id)).output).toContain(`dashed  ${id}, since`);
  expect((await bothWays('campaigns', '--task', id)).output).toBe('no such campaign\n');
  expect((await bothWays('pin', id, '--nothing-16-char', 'baseline')).code).toBe(2);
});

test('colours are for terminals that want them', async () => {
  const words = ['campaign', 'c1'];
  const environment = { USER: 'ada' };
  const terminal = { columns: 60, hasColour: true };
  const coloured = await runWords(words, { folder: world().folder, environment, terminal });
  expect(coloured.output).toContain('\u001B[32m+ Answer with one word.\u001B[39m');
  const plain = await runWords(words, {
    folder: world().folder,
    environment,
    terminal: { ...terminal, hasColour: false },
  });
  expect(plain).toEqual(await world().run(...words));
});

test('names and texts of others steer no terminal', async () => {
  const evil = '\u001B]0;owned\u0007\u001B[2J\u202Eexe.\nsecond line';
  await world().store.registerTask(sampleTask({ id: 'evil', name: evil }));
  const { content } = sampleDecision('e1');
  await world().store.recordDecisions([
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
