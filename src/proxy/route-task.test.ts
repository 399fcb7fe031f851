import { describe, expect, test } from 'vitest';
import { defaultTaskConfig } from '../domain/task.ts';
import { sentRequest } from './rewrite.ts';
import type { RoutedRoute } from './route-result.ts';
import { chat, createRouterWorld, outcomeOf, type Headers } from './router.case.ts';
import { automaticTasksMax } from './task-directory.ts';
import { prompt, triage, triageId } from './triage.case.ts';

describe('the task of a request', () => {
  test.each<[string, Headers, object, string]>([
    [
      'header before all',
      { 'x-ratchet-task': 'a' },
      { metadata: { ratchet_task: 'b' }, model: 'ratchet/c' },
      'a',
    ],
    ['metadata before the alias', {}, { metadata: { ratchet_task: 'b' }, model: 'ratchet/c' }, 'b'],
    ['the alias', {}, { model: 'ratchet/c' }, 'c'],
  ])('is named by the %s', async (_, headers, fields, name) => {
    const world = createRouterWorld({ configs: { c: { ...defaultTaskConfig, model: 'gpt' } } });
    const route = await world.serve({ ...chat(prompt), ...fields }, headers);
    expect(route).toMatchObject({ taskName: name, model: 'gpt' });
    expect(sentRequest(route)).not.toHaveProperty('metadata');
  });

  test('is the skeleton of the prompt, whatever stands in its slots', async () => {
    const world = createRouterWorld();
    const on = (day: string): Promise<RoutedRoute> => world.serve(chat(`${prompt} Today is ${day}.`));
    const [one, two, three] = [await on('2026-11-01'), await on('2026-11-02'), await on('2026-11-03')];
    expect(two.ref.taskId).toBe(one.ref.taskId);
    expect(three.ref.taskId).toBe(one.ref.taskId);
    expect(three.slots).toEqual({ slot1: '2026-11-03' });
    const other = await world.serve(chat('You translate recipes from French into plain English.'));
    expect(other.ref.taskId).not.toBe(one.ref.taskId);
  });

  test('is found again by a new process, and kept apart by scope', async () => {
    const world = createRouterWorld();
    const first = await world.serve(chat(`${prompt} Today is Monday.`));
    await world.serve(chat(`${prompt} Today is Friday.`));
    await world.refresh();
    const later = createRouterWorld({
      deps: { snapshots: { get: world.snapshot, all: () => [world.snapshot(first.ref.taskId)!] } },
    });
    const again = await later.serve(chat(`${prompt} Today is Sunday.`));
    expect(again.ref.taskId).toBe(first.ref.taskId);
    const stranger = await later.ask(chat(`${prompt} Today is Sunday.`), {}, 'someone else');
    expect(stranger).not.toMatchObject({ ref: { taskId: first.ref.taskId } });
  });

  test.each([
    ['no-prompt', chat(null), {}, {}],
    ['no-prompt', chat(''), {}, {}],
    ['automatic-off', chat(prompt), {}, { areTasksAutomatic: false }],
    ['bypassed', chat(prompt), { 'x-ratchet-bypass': '1', ...triage }, {}],
    [
      'prompt-not-text',
      { model: 'm', messages: [{ role: 'system', content: [{ type: 'image_url' }] }] },
      triage,
      {},
    ],
  ])('is none: %s', async (reason, request, headers, deps) => {
    const world = createRouterWorld({ deps });
    expect(await world.ask(request, headers)).toEqual({
      kind: 'pass-through',
      reason,
      rewrite: { prompt: null, model: null, metadata: undefined },
      model: 'm',
      clientRequest: request,
    });
  });

  test(`is none for the prompt after ${automaticTasksMax} others of the scope`, async () => {
    const world = createRouterWorld();
    const word = (n: number): string =>
      String(n).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
    for (let n = 0; n < automaticTasksMax; n += 1) await world.ask(chat(`${word(n)}x ${word(n)}y`));
    expect(await world.ask(chat('one too many'))).toMatchObject({
      kind: 'pass-through',
      reason: 'scope-full',
    });
    expect(await world.ask(chat('one too many'), {}, 'elsewhere')).toMatchObject({ kind: 'routed' });
    expect(await world.ask(chat('bx by'))).toMatchObject({ kind: 'routed' });
    expect(world.counts.get('ratchet.tasks.rejected')).toBe(1);
  });

  test('is founded only by a request that upstream has answered', async () => {
    const world = createRouterWorld();
    const route = await world.ask(chat(prompt), triage);
    if (route.kind !== 'routed') throw new Error('not routed');
    world.router.complete(route, outcomeOf('no', 401));
    await world.refresh();
    expect(world.snapshot(triageId)).toBeUndefined();
    world.router.complete(route, outcomeOf('yes'));
    await world.refresh();
    expect(world.snapshot(triageId)?.task).toMatchObject({ name: 'triage', scope: 'local' });
  });

  test('an alias without a model is refused, naming the setting', async () => {
    expect(await createRouterWorld().ask({ ...chat(prompt), model: 'ratchet/triage' })).toMatchObject({
      kind: 'refused',
      error: {
        code: 'invalid_request',
        param: 'model',
        message: expect.stringContaining('tasks.triage.model'),
      },
    });
  });
});
