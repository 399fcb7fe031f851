import { describe, expect, test } from 'vitest';
import type { AgentRequest } from '../domain/agent-request.ts';
import { chatTurn, drawOf, halved, numbers, prompt, promptOf, response, triage } from './triage.case.ts';
import type { RoutedRoute } from './route-result.ts';
import { chat, type AnswerIds, type RouterWorld } from './router.case.ts';

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
