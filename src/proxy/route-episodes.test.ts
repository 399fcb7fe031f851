import { describe, expect, test } from 'vitest';
import type { Variant } from '../domain/variant.ts';
import { lookUpMsMax } from './episode-look-up.ts';
import { chat, createRouterWorld, outcomeOf, type Headers, type RouterWorld } from './router.case.ts';
import { never, prompt, promptOf, triage, triageId, withVariant } from './triage.case.ts';

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
