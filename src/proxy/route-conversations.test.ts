import { describe, expect, test } from 'vitest';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { ResponsesRequest } from '../domain/responses.ts';
import { drawOf, halved, numbers, prompt, response, restarted, triage, triageId } from './triage.case.ts';
import { chat, createRouterWorld, type AnswerIds } from './router.case.ts';

describe('a conversation that upstream keeps', () => {
  test.each([['conv_1'], [{ id: 'conv_1' }]])('names the episode: %j', async (conversation) => {
    const world = await halved();
    const first = await world.serve(response({ conversation }), triage);
    expect(first.ref).toMatchObject({ episodeId: 'conv_1', attribution: 'drawn' });
    for (const request of [response({ conversation }), { model: 'm', input: 'and?', conversation }])
      expect(drawOf(await world.serve(request, triage))).toEqual(drawOf(first));
  });

  test('may be the first that is seen of an agent without any prompt', async () => {
    const world = createRouterWorld();
    const asked = { model: 'm', input: 'hi', conversation: 'conv_1' };
    const routes = [await world.serve(asked, triage), await world.serve(asked, triage)];
    for (const { ref } of routes)
      expect(ref).toMatchObject({ taskId: triageId, episodeId: 'conv_1', attribution: 'drawn' });
    expect(await world.ask({ ...asked, conversation: 'conv_2' })).toMatchObject({ kind: 'pass-through' });
  });

  test('gives way to a name that the caller gives', async () => {
    const world = await halved();
    const route = await world.serve(response({ conversation: 'conv_1', previous_response_id: 'r' }), {
      ...triage,
      'x-session-id': 'run',
    });
    expect(route.ref.episodeId).toBe('run');
  });
});

describe('after a restart', () => {
  test.each<[string, Omit<ResponsesRequest, 'model'>, AnswerIds, Omit<ResponsesRequest, 'model'>]>([
    ['a response is known by its id', {}, { completionId: 'resp_1' }, { previous_response_id: 'resp_1' }],
    ['a conversation by its name', { conversation: 'c' }, {}, { conversation: 'c' }],
    [
      'items by their ids',
      {},
      { itemIds: ['msg_1', 'msg_2'] },
      { input: [{ type: 'item_reference', id: 'msg_1' }] },
    ],
    [
      'what upstream does not keep by its words',
      { store: false },
      { itemIds: ['msg_1'] },
      {
        store: false,
        input: [
          { role: 'user', content: 'hello' },
          { role: 'assistant', id: 'msg_1', content: 'ok' },
          { role: 'user', content: 'and?' },
        ],
      },
    ],
  ])('%s', async (_, first, ids, next) => {
    const world = await halved();
    const begun = await world.serve(response(first), triage, 'ok', ids);
    const later = await restarted(world).serve(response(next), triage);
    expect(drawOf(later)).toEqual(drawOf(begun));
    expect(later.ref.attribution).toBe('drawn');
  });

  test('a turn without instructions finds its task', async () => {
    const world = await halved();
    const begun = await world.serve(response(), triage, 'ok', { completionId: 'resp_1' });
    const next = { model: 'm', input: 'and?', previous_response_id: 'resp_1' };
    expect(drawOf(await restarted(world).serve(next))).toEqual(drawOf(begun));
  });

  test('a chain that went from task to task finds the draw of each', async () => {
    const world = await halved();
    const begun = await world.serve(response(), triage, 'ok', { completionId: 'resp_1' });
    const verse = response({ instructions: 'You write verse.', previous_response_id: 'resp_1' });
    await world.serve(verse, { 'x-ratchet-task': 'poet' }, 'ok', { completionId: 'resp_2' });
    const later = await restarted(world).serve(response({ previous_response_id: 'resp_2' }), triage);
    expect(drawOf(later)).toEqual(drawOf(begun));
  });
});

describe('an agent that begins every request with the same examples', () => {
  const examples = [
    { role: 'user', content: 'I was charged twice' },
    { role: 'assistant', content: 'billing' },
    { role: 'user', content: 'It crashes' },
    { role: 'assistant', content: 'bug' },
  ];
  const ask = (question: string, more: readonly { role: string; content: string }[] = []): AgentRequest => ({
    model: 'm',
    messages: [
      { role: 'system', content: prompt },
      ...examples,
      { role: 'user', content: question },
      ...more,
    ],
  });

  test('has its conversations begin behind them, once they are known', async () => {
    const world = await halved();
    for (const question of ['one', 'two', 'three', 'four'])
      expect((await world.serve(ask(question), triage)).ref.attribution).toBe('unattributed');
    const first = await world.serve(ask('five'), triage, 'account');
    expect(first.ref).toMatchObject({ attribution: 'drawn', propensity: 0.5 });
    const more = [
      { role: 'assistant', content: 'account' },
      { role: 'user', content: 'sure?' },
    ];
    for (let n = 0; n < 10; n += 1) {
      expect(drawOf(await world.serve(ask('five', more), triage))).toEqual(drawOf(first));
    }
    const drawn = await Promise.all(numbers.map(async (n) => world.serve(ask(`question ${n}`), triage)));
    expect(new Set(drawn.map(({ ref }) => ref.variantId)).size).toBe(2);
    expect(new Set(drawn.map(({ ref }) => ref.episodeId)).size).toBe(numbers.length);
  });

  test('is not mistaken for one whose conversations go on after the same answer', async () => {
    const world = await halved();
    const first = await world.serve(chat(prompt, 'hi'), triage, 'Hello!');
    for (const question of ['one', 'two', 'three', 'four']) {
      const next = chat(prompt, 'hi', [
        { role: 'assistant', content: 'Hello!' },
        { role: 'user', content: question },
      ]);
      expect((await world.serve(next, triage)).ref.episodeId).toBe(first.ref.episodeId);
    }
  });
});
