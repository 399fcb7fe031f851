import { describe, expect, test } from 'vitest';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { ResponsesRequest } from '../domain/responses.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import { sentRequest } from './rewrite.ts';
import type { RoutedRoute } from './route-result.ts';
import {
  addressedEdit,
  chat,
  createRouterWorld,
  type AnswerIds,
  type Headers,
  type PlanChange,
  type RouterWorld,
  type WorldSettings,
} from './router.case.ts';
import { namedTaskId } from './task-directory.ts';

const prompt = 'You sort support tickets of Acme Mail. Answer with the name of the queue.';
const triage: Headers = { 'x-ratchet-task': 'triage' };
const triageId = namedTaskId('triage', 'local');

/** A world whose task `triage` gives half of its traffic to an edited variant. */
async function halved(settings: WorldSettings = {}): Promise<RouterWorld & { readonly variant: Variant }> {
  const world = createRouterWorld(settings);
  await world.serve(chat(prompt), triage);
  await world.refresh();
  const variant = makeVariant(triageId, 1, [addressedEdit]);
  world.setPlan(triageId, half(variant));
  return { ...world, variant };
}

const half = (variant: Variant): PlanChange => ({
  variants: [variant],
  probabilities: { baseline: 0.5, [variant.id]: 0.5 },
});

/** Another process over the same store, that has seen nothing yet. */
function restarted(world: RouterWorld): RouterWorld {
  const known = (id: string): ReturnType<RouterWorld['snapshot']> => world.snapshot(id);
  return createRouterWorld({
    deps: { snapshots: { get: known, all: () => [] } },
    store: world.store,
  });
}

const drawOf = ({ ref }: RoutedRoute): object => {
  const { episodeId, variantId, propensity, planVersion } = ref;
  return { episodeId, variantId, propensity, planVersion };
};
const promptOf = (route: RoutedRoute): unknown => {
  const sent = sentRequest(route);
  return sent.messages?.[0]?.content ?? sent['instructions'];
};
const numbers = Array.from({ length: 200 }, (_, n) => n);

function chatTurn(answer: string, next: string, callId?: string): AgentRequest {
  const calls =
    callId === undefined ? {} : { tool_calls: [{ id: callId, function: { name: 'f', arguments: '{}' } }] };
  return chat(prompt, 'hello', [
    { role: 'assistant', content: answer, ...calls },
    { role: 'user', content: next },
  ]);
}

function response(fields: Omit<ResponsesRequest, 'model'> = {}): ResponsesRequest {
  return { model: 'm', instructions: prompt, input: 'hello', ...fields };
}

/** The same question asked by many at once, and their second turns in another order. */
async function askTwice(
  world: RouterWorld,
  first: AgentRequest,
  [answerTo, second]: readonly [(n: number) => readonly [string, AnswerIds?], (n: number) => AgentRequest],
): Promise<readonly (readonly [RoutedRoute, RoutedRoute])[]> {
  const begun = await Promise.all(
    numbers.map(async (n) => world.serve(first, triage, answerTo(n)[0], answerTo(n)[1])),
  );
  const gone = await Promise.all(numbers.toReversed().map(async (n) => world.serve(second(n), triage)));
  return begun.flatMap((route, n) => {
    const next = gone[numbers.length - 1 - n];
    return next === undefined ? [] : [[route, next] as const];
  });
}

describe('identical first requests of different users', () => {
  test.each<
    [
      string,
      AgentRequest,
      readonly [(n: number) => readonly [string, AnswerIds?], (n: number) => AgentRequest],
    ]
  >([
    [
      'a chat, by what was answered',
      chat(prompt),
      [(n) => [`answer ${n}`], (n) => chatTurn(`answer ${n}`, 'and then?')],
    ],
    [
      'a chat with equal answers, by the ids of tool calls',
      chat(prompt),
      [(n) => ['', { callIds: [`call_${n}`] }], (n) => chatTurn('', 'and then?', `call_${n}`)],
    ],
    [
      'responses, by the response that they go on from',
      response(),
      [
        (n) => ['equal', { completionId: `resp_${n}` }],
        (n) => response({ previous_response_id: `resp_${n}`, input: 'and then?' }),
      ],
    ],
    [
      'responses, by the items that they send again',
      response(),
      [
        (n) => ['equal', { itemIds: [`msg_${n}`] }],
        (n) =>
          response({
            input: [
              { role: 'user', content: 'hello' },
              { type: 'reasoning', id: 'rs_1' },
              { type: 'message', role: 'assistant', id: `msg_${n}`, content: 'equal' },
              { role: 'user', content: 'and then?' },
            ],
          }),
      ],
    ],
    [
      'responses, by the items that they refer to',
      response(),
      [
        (n) => ['equal', { itemIds: [`msg_${n}`] }],
        (n) =>
          response({
            input: [
              { role: 'user', content: 'hello' },
              { type: 'item_reference', id: `msg_${n}` },
              { role: 'user', content: 'and then?' },
            ],
          }),
      ],
    ],
    [
      'responses that upstream does not keep, by what was answered',
      response({ store: false }),
      [
        (n) => [`answer ${n}`],
        (n) =>
          response({
            store: false,
            input: [
              { role: 'user', content: 'hello' },
              { role: 'assistant', content: `answer ${n}` },
              { role: 'user', content: 'and then?' },
            ],
          }),
      ],
    ],
  ])('are drawn independently, and known apart on their second turn: %s', async (_, first, conversation) => {
    const world = await halved();
    const pairs = await askTwice(world, first, conversation);
    for (const [begun, next] of pairs) {
      expect(drawOf(next)).toEqual(drawOf(begun));
      expect(next.ref).toMatchObject({ attribution: 'drawn', propensity: 0.5 });
      expect(promptOf(next)).toBe(promptOf(begun));
    }
    const edited = pairs.filter(([{ ref }]) => ref.variantId === world.variant.id).length;
    expect(edited).toBeGreaterThan(70);
    expect(edited).toBeLessThan(130);
    expect(new Set(pairs.map(([{ ref }]) => ref.episodeId)).size).toBe(numbers.length);
  });

  test('that are answered alike and cannot be told apart take each other\u2019s place, and no variant gains by it', async () => {
    const world = await halved();
    const first = await Promise.all(
      numbers.slice(0, 16).map(async () => world.serve(chat(prompt), triage, 'billing')),
    );
    const turns = first.map((_, n) => `then ${n}`);
    const second = await Promise.all(
      turns.map(async (next) => world.serve(chatTurn('billing', next), triage)),
    );
    const draws = (routes: readonly RoutedRoute[]): readonly string[] =>
      routes.map((route) => JSON.stringify(drawOf(route))).toSorted();
    expect(draws(second)).toEqual(draws(first));
    for (const [n, next] of turns.entries()) {
      const later = await world.serve(chatTurn('billing', next), triage);
      expect(drawOf(later)).toEqual(drawOf(second[n]!));
    }
  });
});

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
    for (const findEpisode of [async () => undefined, async () => new Promise<never>(() => {})]) {
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
