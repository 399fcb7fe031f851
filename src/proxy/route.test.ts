import { describe, expect, test } from 'vitest';
import { makeVariant } from '../domain/variant.ts';
import { sentRequest } from './rewrite.ts';
import { addressedEdit, chat, createRouterWorld } from './router.case.ts';
import { never, prompt, promptOf, triage, triageId, withVariant } from './triage.case.ts';

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
