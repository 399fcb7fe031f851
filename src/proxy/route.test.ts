import { describe, expect, test } from 'vitest';
import { defaultTaskConfig } from '../domain/task.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import { lookUpMsMax } from './episode-look-up.ts';
import { sentRequest } from './rewrite.ts';
import type { RoutedRoute } from './route-result.ts';
import {
  addressedEdit,
  chat,
  createRouterWorld,
  outcomeOf,
  type Headers,
  type RouterWorld,
} from './router.case.ts';
import { automaticTasksMax, namedTaskId } from './task-directory.ts';

const triage: Headers = { 'x-ratchet-task': 'triage' };
const triageId = namedTaskId('triage', 'local');
const prompt = 'You sort support tickets of Acme Mail. Answer with the name of the queue.';
const never = (): Promise<never> => new Promise(() => {});

/** A world whose task `triage` gives all its traffic to one edited variant. */
async function withVariant(
  world: RouterWorld,
): Promise<{ readonly variant: Variant; readonly edited: string }> {
  await world.serve(chat(prompt), triage);
  await world.refresh();
  const variant = makeVariant(triageId, 1, [addressedEdit]);
  world.setPlan(triageId, { variants: [variant], probabilities: { baseline: 0, [variant.id]: 1 } });
  return { variant, edited: `${prompt}\nBe brief.` };
}

const promptOf = (route: RoutedRoute): unknown => sentRequest(route).messages?.[0]?.content;

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

describe('the variant of a request', () => {
  test('is the agent\u2019s own prompt with propensity 1 until the task has a plan', async () => {
    const route = await createRouterWorld().serve(chat(prompt), triage);
    expect(route).toMatchObject({
      ref: { variantId: 'baseline', propensity: 1, planVersion: 1, attribution: 'drawn' },
      rewrite: { prompt: null },
    });
    expect(sentRequest(route)).toEqual(chat(prompt));
  });

  test('is drawn from the plan, with its probability, and rendered with the agent\u2019s values', async () => {
    const world = createRouterWorld();
    await world.serve(chat(`${prompt} Today is Monday.`), triage);
    await world.serve(chat(`${prompt} Today is Friday.`), triage);
    await world.refresh();
    const variant = makeVariant(triageId, 1, [addressedEdit]);
    world.setPlan(triageId, {
      variants: [variant],
      probabilities: { baseline: 0.25, [variant.id]: 0.75 },
    });
    const routes = await Promise.all(
      Array.from({ length: 400 }, async () => world.serve(chat(`${prompt} Today is Sunday.`), triage)),
    );
    const edited = routes.filter(({ ref }) => ref.variantId === variant.id);
    expect(edited.length).toBeGreaterThan(260);
    expect(edited.length).toBeLessThan(340);
    for (const route of edited) {
      expect(route).toMatchObject({
        ref: { propensity: 0.75, planVersion: 2, attribution: 'drawn' },
        variantStatus: 'canary',
      });
      expect(promptOf(route)).toBe(`${prompt} Today is Sunday.\nBe brief.`);
    }
  });

  test('is what the caller pins, if it is an arm', async () => {
    const world = createRouterWorld();
    const { variant, edited } = await withVariant(world);
    const own = await world.serve(chat(prompt), { ...triage, 'x-ratchet-variant': 'baseline' });
    expect(own.ref).toMatchObject({ variantId: 'baseline', propensity: 1, attribution: 'pinned' });
    const pinned = await world.serve(chat(prompt), { ...triage, 'x-ratchet-variant': variant.id });
    expect(pinned.ref).toMatchObject({ variantId: variant.id, propensity: 1, attribution: 'pinned' });
    expect(promptOf(pinned)).toBe(edited);
    expect(await world.ask(chat(prompt), { ...triage, 'x-ratchet-variant': 'nonsense' })).toMatchObject({
      kind: 'refused',
      error: { code: 'unknown_variant', param: 'x-ratchet-variant' },
    });
  });

  test('is what an operator has pinned, for running conversations too, unless the caller pins another', async () => {
    const world = createRouterWorld();
    const { variant, edited } = await withVariant(world);
    const named = { ...triage, 'x-ratchet-episode': 'run-1' };
    await world.serve(chat(prompt), { ...named, 'x-ratchet-variant': 'baseline' });
    const probabilities = { baseline: 1, [variant.id]: 0 };
    world.setPlan(triageId, { variants: [variant], probabilities, pinnedId: variant.id });
    for (const headers of [triage, named]) {
      const route = await world.serve(chat(prompt), headers);
      expect(route.ref).toMatchObject({ variantId: variant.id, propensity: 1, attribution: 'pinned' });
      expect(promptOf(route)).toBe(edited);
    }
    const own = await world.serve(chat(prompt), { ...triage, 'x-ratchet-variant': 'baseline' });
    expect(own.ref.variantId).toBe('baseline');
  });

  test('is the agent\u2019s own prompt, not learned from, where the edits have no place', async () => {
    const world = createRouterWorld();
    await world.serve(chat(prompt), triage);
    await world.refresh();
    const variant = makeVariant(triageId, 1, [{ op: 'delete', find: 'nowhere to be found', intent: 'x' }]);
    world.setPlan(triageId, { variants: [variant], probabilities: { baseline: 0, [variant.id]: 1 } });
    const route = await world.serve(chat(prompt), triage);
    expect(route.ref).toMatchObject({ variantId: 'baseline', propensity: 1, attribution: 'unattributed' });
    expect(promptOf(route)).toBe(prompt);
  });
});

describe('a prompt that the developer changes', () => {
  const next = 'Classify the customer message. Reply with one word: billing, bug or account.';

  test('is served untouched, then is the next baseline, under which old variants do not serve', async () => {
    const world = createRouterWorld();
    const { edited } = await withVariant(world);
    for (let n = 0; n < 4; n += 1) {
      const route = await world.serve(chat(next), triage);
      expect(promptOf(route)).toBe(next);
      expect(route).toMatchObject({ ref: { attribution: 'unattributed' }, baselineVersion: 1, slots: {} });
    }
    expect(promptOf(await world.serve(chat(prompt), triage))).toBe(edited);
    for (let n = 0; n < 5; n += 1) await world.serve(chat(next), triage);
    const after = await world.serve(chat(next), triage);
    expect(after).toMatchObject({ ref: { attribution: 'unattributed' }, baselineVersion: 2 });
    await world.refresh();
    expect(world.snapshot(triageId)?.task.baseline.version).toBe(2);
    expect(promptOf(await world.serve(chat(prompt), triage))).toBe(prompt);
  });

  test('during a slow rollout moves the baseline once, not to and fro', async () => {
    const world = createRouterWorld();
    await world.serve(chat(prompt), triage);
    const versions: number[] = [];
    for (let n = 0; n < 60; n += 1)
      versions.push((await world.serve(chat(n % 12 < 6 ? next : prompt), triage)).baselineVersion);
    expect(new Set(versions)).toEqual(new Set([1, 2]));
    expect(versions.at(-1)).toBe(2);
  });
});

describe('an episode', () => {
  const twoTurns = (answer: string): ReturnType<typeof chat> =>
    chat(prompt, 'hello', [
      { role: 'assistant', content: answer },
      { role: 'user', content: 'and then?' },
    ]);

  /** Half of the traffic each, so that inheriting is told from drawing. */
  async function halved(): Promise<{ readonly world: RouterWorld; readonly variant: Variant }> {
    const world = createRouterWorld();
    const { variant } = await withVariant(world);
    world.setPlan(triageId, { variants: [variant], probabilities: { baseline: 0.5, [variant.id]: 0.5 } });
    return { world, variant };
  }

  test.each<[string, Headers, object]>([
    ['header', { 'x-ratchet-episode': 'run 1', 'x-session-id': 'no' }, {}],
    ['our metadata', { 'x-session-id': 'no' }, { metadata: { ratchet_episode: 'run 1', session_id: 'no' } }],
    ['session metadata', { 'x-session-id': 'no' }, { metadata: { session_id: 'run 1' } }],
    ['session header', { 'x-session-id': 'run 1', 'x-claude-code-session-id': 'no' }, {}],
    ['harness header', { 'x-claude-code-session-id': 'run 1' }, {}],
  ])('named by its %s keeps one variant and one propensity', async (_, headers, fields) => {
    const { world } = await halved();
    const routes = await Promise.all(
      Array.from({ length: 20 }, async () =>
        world.serve({ ...chat(prompt), ...fields }, { ...triage, ...headers }),
      ),
    );
    expect(new Set(routes.map(({ ref }) => ref.variantId)).size).toBe(1);
    for (const { ref } of routes) expect(ref).toMatchObject({ episodeId: 'run 1', propensity: 0.5 });
  });

  test('of a name is drawn alike by every replica', async () => {
    const drawn = async (): Promise<string[]> => {
      const { world } = await halved();
      const names = Array.from({ length: 30 }, (_, n) => ({ ...triage, 'x-ratchet-episode': `run ${n}` }));
      const routes = await Promise.all(names.map(async (headers) => world.serve(chat(prompt), headers)));
      return routes.map(({ ref }) => ref.variantId);
    };
    const one = await drawn();
    expect(await drawn()).toEqual(one);
    expect(new Set(one).size).toBe(2);
  });

  test('without a name is found by how it began', async () => {
    const { world } = await halved();
    for (let n = 0; n < 20; n += 1) {
      const first = await world.serve(chat(prompt), triage, `answer ${n}`);
      const second = await world.serve(twoTurns(` answer ${n}\n`), triage);
      const { variantId, propensity, planVersion, decisionId } = first.ref;
      expect(first.ref.episodeId).toBe(decisionId);
      expect(second.ref).toMatchObject({
        variantId,
        propensity,
        planVersion,
        episodeId: decisionId,
        attribution: 'drawn',
      });
    }
  });

  test('that only the store knows costs one read', async () => {
    const { world, variant } = await halved();
    const first = await world.ask(chat(prompt), triage);
    if (first.kind !== 'routed') throw new Error('not routed');
    await world.store.recordDecisions([world.router.complete(first, outcomeOf('an answer'))]);
    const later = createRouterWorld({
      deps: { snapshots: { get: world.snapshot, all: () => [] }, store: world.store },
    });
    const second = await later.serve(twoTurns('an answer'), triage);
    expect(second.ref).toMatchObject({
      episodeId: first.ref.episodeId,
      variantId: first.ref.variantId,
      propensity: 0.5,
      attribution: 'drawn',
    });
    expect([variant.id, 'baseline']).toContain(second.ref.variantId);
  });

  test.each([
    ['unknown to the store', async () => undefined],
    ['while the store fails', async () => Promise.reject(new Error('down'))],
    ['while the store hangs', never],
  ])('%s takes the incumbent and is not learned from', async (_, findEpisode) => {
    const world = createRouterWorld({ store: { findEpisode } });
    const { variant } = await withVariant(world);
    world.setPlan(triageId, {
      variants: [variant],
      probabilities: { baseline: 0.5, [variant.id]: 0.5 },
      incumbentId: variant.id,
    });
    const started = performance.now();
    const route = await world.serve(twoTurns('never seen'), triage);
    expect(performance.now() - started).toBeLessThan(10 * lookUpMsMax);
    expect(route.ref).toMatchObject({
      variantId: variant.id,
      propensity: 1,
      attribution: 'unattributed',
    });
  });

  test('keeps its variant when the plan drops it without harm, and leaves it when it was rolled back', async () => {
    for (const { cause, served } of [
      { cause: { kind: 'canary-stopped', campaignId: 'c', reason: 'futile' }, served: 'drawn' },
      { cause: { kind: 'rolled-back', campaignId: 'c', reason: 'regression' }, served: 'removed' },
    ] as const) {
      const world = createRouterWorld();
      const { variant, edited } = await withVariant(world);
      const run = { ...triage, 'x-ratchet-episode': 'run' };
      expect(promptOf(await world.serve(chat(prompt), run))).toBe(edited);
      world.setPlan(triageId, { variants: [], probabilities: { baseline: 1 }, cause });
      const route = await world.serve(chat(prompt), run);
      expect(route.ref).toMatchObject(
        served === 'drawn'
          ? { variantId: variant.id, propensity: 1, planVersion: 2, attribution: 'drawn' }
          : { variantId: 'baseline', propensity: 1, planVersion: 3, attribution: 'removed' },
      );
      expect(promptOf(route)).toBe(served === 'drawn' ? edited : prompt);
    }
  });

  test('leaves a variant that went while plans were missed, since harm may have been the cause', async () => {
    const world = createRouterWorld();
    await withVariant(world);
    const run = { ...triage, 'x-ratchet-episode': 'run' };
    await world.serve(chat(prompt), run);
    world.setPlan(triageId, { variants: [], probabilities: { baseline: 1 }, version: 9 });
    expect((await world.serve(chat(prompt), run)).ref.attribution).toBe('removed');
  });
});

describe('whatever breaks inside', () => {
  test('the request passes through with what is ours taken out', async () => {
    const world = createRouterWorld({
      deps: {
        snapshots: {
          get: () => {
            throw new Error(prompt);
          },
          all: () => [],
        },
      },
    });
    const request = { ...chat(prompt), metadata: { ratchet_task: 'triage', team: 'a' } };
    const route = await world.ask(request);
    if (route.kind !== 'pass-through') throw new Error(route.kind);
    expect(route.reason).toBe('failed');
    expect(sentRequest(route)).toEqual({ ...chat(prompt), metadata: { team: 'a' } });
    expect(world.counts.get('ratchet.fallbacks')).toBe(1);
  });

  test('a store that refuses or hangs delays and fails no request', async () => {
    for (const method of [never, async () => Promise.reject(new Error('down'))]) {
      const world = createRouterWorld({ store: { registerTask: method, saveBaseline: method } });
      for (let n = 0; n < 5; n += 1)
        expect((await world.serve(chat(prompt), triage)).ref).toMatchObject({ variantId: 'baseline' });
    }
  });
});
