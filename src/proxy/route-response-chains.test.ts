import { describe, expect, test } from 'vitest';
import type { ResponsesRequest } from '../domain/responses.ts';
import { makeVariant } from '../domain/variant.ts';
import { drawOf, halved, never, prompt, promptOf, response, triage, triageId } from './triage.case.ts';
import { sentRequest } from './rewrite.ts';
import { addressedEdit, chat, createRouterWorld, type Headers } from './router.case.ts';

describe('a chain of responses', () => {
  test('keeps its variant with new instructions, and is one episode', async () => {
    const world = await halved();
    const first = await world.serve(response(), triage, 'a', { completionId: 'resp_1' });
    const second = await world.serve(response({ previous_response_id: 'resp_1' }), triage, 'b', {
      completionId: 'resp_2',
    });
    const third = await world.serve(response({ previous_response_id: 'resp_2' }), triage, 'c');
    expect(drawOf(second)).toEqual(drawOf(first));
    expect(drawOf(third)).toEqual(drawOf(first));
    expect(promptOf(third)).toBe(promptOf(first));
  });

  test('is known as soon as upstream has named its answer, before that has ended', async () => {
    const world = await halved();
    const first = await world.ask(response(), triage);
    if (first.kind !== 'routed') throw new Error('not routed');
    world.router.begin(first, 'resp_1');
    const second = await world.serve(response({ previous_response_id: 'resp_1' }), triage);
    expect(drawOf(second)).toEqual(drawOf(first));
  });

  test('belongs to its task and variant where a turn has no instructions', async () => {
    const world = await halved();
    const asked = {
      model: 'm',
      input: [
        { role: 'system', content: prompt },
        { role: 'user', content: 'hi' },
      ],
    };
    for (const headers of [triage, {}]) {
      const first = await world.serve(asked, triage, 'a', { completionId: 'resp_1' });
      const next = { model: 'm', input: 'and?', previous_response_id: 'resp_1' };
      const second = await world.serve(next, headers);
      expect(second).toMatchObject({ taskName: 'triage', ref: { taskId: triageId, attribution: 'drawn' } });
      expect(drawOf(second)).toEqual(drawOf(first));
      expect(sentRequest(second)).toEqual(next);
    }
    // Many turns without a prompt are no new prompt of the task.
    const next = { model: 'm', input: 'and?', previous_response_id: 'resp_1' };
    for (let n = 0; n < 8; n += 1) await world.serve(next, triage);
    expect((await world.serve(chat(prompt), triage)).baselineVersion).toBe(1);
  });

  test('stops counting where its variant was taken away for harm', async () => {
    const world = await halved();
    const { variant } = world;
    world.setPlan(triageId, { variants: [variant], probabilities: { [variant.id]: 1 } });
    await world.serve(response(), triage, 'a', { completionId: 'resp_1' });
    const cause = { kind: 'rolled-back', campaignId: 'c', reason: 'regression' } as const;
    world.setPlan(triageId, { variants: [], probabilities: { baseline: 1 }, cause });
    const next = await world.serve({ model: 'm', input: 'and?', previous_response_id: 'resp_1' });
    expect(next.ref).toMatchObject({ variantId: variant.id, attribution: 'removed' });
    const prompted = await world.serve(response({ previous_response_id: 'resp_1' }), triage);
    expect(prompted.ref).toMatchObject({ variantId: 'baseline', attribution: 'removed' });
  });

  test('may go from task to task: each has a draw of its own and keeps it', async () => {
    const world = await halved();
    const poet: Headers = { 'x-ratchet-task': 'poet' };
    const verse = (previous: string): ResponsesRequest =>
      response({ instructions: 'You write verse about what is asked.', previous_response_id: previous });
    const first = await world.serve(response(), triage, 'a', { completionId: 'resp_1' });
    const handed = await world.serve(verse('resp_1'), poet, 'b', { completionId: 'resp_2' });
    const back = await world.serve(response({ previous_response_id: 'resp_2' }), triage, 'c', {
      completionId: 'resp_3',
    });
    const again = await world.serve(verse('resp_3'), poet);
    expect(handed.ref).toMatchObject({ episodeId: first.ref.episodeId, attribution: 'drawn' });
    expect(handed.ref.taskId).not.toBe(triageId);
    expect(drawOf(back)).toEqual(drawOf(first));
    expect(drawOf(again)).toEqual(drawOf(handed));
  });

  test('that nobody knows passes through without instructions, and has the incumbent with them', async () => {
    for (const findEpisode of [async () => undefined, never]) {
      const world = await halved({ store: { findEpisode } });
      const next = { model: 'm', input: 'and?', previous_response_id: 'resp_0' };
      expect(await world.ask(next)).toMatchObject({
        kind: 'pass-through',
        reason: 'no-prompt',
        clientRequest: next,
      });
      expect(await world.ask(next, triage)).toMatchObject({ kind: 'pass-through', reason: 'no-prompt' });
      const prompted = await world.serve(response({ previous_response_id: 'resp_0' }), triage, 'a', {
        completionId: 'resp_1',
      });
      expect(prompted.ref).toMatchObject({ variantId: 'baseline', attribution: 'unattributed' });
      const later = await world.serve(response({ previous_response_id: 'resp_1' }), triage);
      expect(later.ref).toMatchObject({ attribution: 'unattributed', episodeId: prompted.ref.episodeId });
    }
  });

  test('of an agent without any prompt gets the variant\u2019s with every turn', async () => {
    const world = createRouterWorld();
    const bare = { model: 'm', input: 'hello' };
    await world.serve(bare, triage);
    await world.refresh();
    const variant = makeVariant(triageId, 1, [addressedEdit]);
    world.setPlan(triageId, { variants: [variant], probabilities: { [variant.id]: 1 } });
    const first = await world.serve(bare, triage, 'a', { completionId: 'resp_1' });
    const second = await world.serve({ ...bare, previous_response_id: 'resp_1' }, triage);
    for (const route of [first, second]) expect(promptOf(route)).toBe('Be brief.');
    expect(drawOf(second)).toEqual(drawOf(first));
  });
});
