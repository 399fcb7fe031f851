import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentRequest } from '../../../domain/agent-request.ts';
import type { Decision } from '../../../domain/decision.ts';
import {
  sampleDecision,
  sampleFeedback,
  sampleShadowRun,
  sampleTask,
  sampleVariant,
  startMs,
} from '../../../store/samples.case.ts';
import { createApiWorld, plantHistory, viewerToken, type ApiWorld } from '../../api/api-world.case.ts';
import { formsOf, hostile, linksOf, readPage, sendForm, wordsOf } from '../page.case.ts';

const variant = sampleVariant();
const path = '/console/decisions';
let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
});

const idsOf = (page: string): readonly string[] =>
  [...page.matchAll(/href="\/console\/decisions\/([^"]+)" data-row/g)].map(([, id]) => id ?? '');

async function plant(change: Partial<Decision>): Promise<Decision> {
  const decision = sampleDecision('d9', { atMs: startMs + 9000, ...change });
  await world.store.recordDecisions([decision]);
  return decision;
}

async function plantRequest(request: AgentRequest): Promise<void> {
  const { content } = sampleDecision('d9');
  if (content === null) throw new Error('the sample has no content');
  await plant({ content: { ...content, request } });
}

describe('the list of decisions', () => {
  test('shows what served, how likely that was, and what came of it', async () => {
    const page = await readPage(world, path);
    expect(idsOf(page)).toEqual(['d5', 'd4', 'd3', 'd2', 'd1', 'd0']);
    expect(wordsOf(page)).toContain('d5 23 h ago shorter 50 % 200 251 ms 1.000 Sort support tickets vip');
  });

  test.each([
    ['id=d3', ['d3']],
    ['id=+d3+&completion=&since=', ['d3']],
    ['completion=chatcmpl-d2', ['d2']],
    ['episode=run-1', ['d1', 'd0']],
    [`variant=${variant.id}&task=triage`, ['d5', 'd3', 'd1']],
    ['segment=vip', ['d5']],
    ['scope=key-1&until=2027-01-15T08:00:01Z', ['d1', 'd0']],
    ['attribution=pinned', []],
  ])('is searched by %s, and the form keeps what was asked', async (query, ids) => {
    const page = await readPage(world, `${path}?${query}`);
    expect(idsOf(page)).toEqual(ids);
    for (const value of Object.values(Object.fromEntries(new URLSearchParams(query))))
      if (value !== '') expect(page).toContain(`value="${value.trim()}"`);
  });

  test('goes on with older ones by a link that keeps the search', async () => {
    const more = Array.from({ length: 60 }, (_, index) => sampleDecision(`m${index}`, { segment: 'bulk' }));
    await world.store.recordDecisions(more);
    const page = await readPage(world, `${path}?segment=bulk`);
    const older = linksOf(page).find((link) => link.includes('cursor=')) ?? '';
    const all = [...idsOf(page), ...idsOf(await readPage(world, older))];
    expect(new Set(all).size).toBe(60);
  });

  test('says what cannot be searched for beside the form, which stays', async () => {
    const page = await readPage(world, `${path}?since=yesterday&segment=vip`);
    expect(wordsOf(page)).toContain('since: expected a date such as');
    expect(page).toContain('value="yesterday"');
    expect(page).toContain('value="vip"');
  });

  test('teaches where nothing is found, and where nothing is recorded', async () => {
    expect(wordsOf(await readPage(world, `${path}?id=none`))).toContain('No decision matches');
    const words = wordsOf(await readPage(createApiWorld(), path));
    expect(words).toContain('curl http://ratchet.example/v1/chat/completions');
  });
});

describe('the page of a decision', () => {
  test('draws its trace: choice, upstream, and what came later by how much', async () => {
    const words = wordsOf(await readPage(world, `${path}/d3`));
    expect(words).toContain('Choice of shorter, drawn with 50 % by plan 2');
    expect(words).toContain('Upstream, until the first byte 80 ms The answer streams back 171 ms');
    expect(wordsOf(await readPage(world, `${path}/d2`))).toContain('Shadow run of own prompt');
  });

  test('shows the conversation, what the variant changed, slots and feedback', async () => {
    const words = wordsOf(await readPage(world, `${path}/d3`));
    for (const text of [
      'user I was charged twice – “why”? 💳 the answer billing',
      'Sort the ticket. Answer with one word.',
      'date 2027-01-15',
      'score 1 counts',
      'Comment <b>bold</b>',
    ])
      expect(words).toContain(text);
    expect(wordsOf(await readPage(world, `${path}/d2`))).toContain('Nothing: the agent’s own prompt served.');
  });

  test('shows roles, tool calls, parts that are no text, and folds what is long ago', async () => {
    await plantRequest({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be kind.' },
        ...Array.from({ length: 14 }, (_, index) => ({ role: 'user', content: `turn ${index}` })),
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ type: 'function', function: { name: 'look_up', arguments: '{"id": 7}' } }],
        },
        { role: 'tool', content: [{ type: 'text', text: 'found' }, { type: 'image_url' }] },
      ],
    });
    const words = wordsOf(await readPage(world, `${path}/d9`));
    expect(words).toContain('5 earlier messages system the prompt, as the agent sent it Be kind.');
    expect(words).toContain('Calls look_up {"id": 7} tool found A part that is no text: image_url');
  });

  test('shows a request for responses too', async () => {
    await plantRequest({
      model: 'm',
      instructions: 'Be kind.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
        { type: 'function_call', name: 'look_up', arguments: '{}' },
      ],
    });
    const words = wordsOf(await readPage(world, `${path}/d9`));
    expect(words).toContain('Be kind. user Hello assistant Calls look_up {}');
  });

  test('puts answers of variants side by side with their grades, and opinions of the judge apart', async () => {
    await world.store.saveShadowRuns([
      sampleShadowRun('d2', { variantId: `judge:j1:baseline:${variant.id}`, grades: [] }),
      sampleShadowRun('d2', { variantId: 'pinned:17:2', grades: [] }),
    ]);
    const page = await readPage(world, `${path}/d2`);
    expect(wordsOf(page)).toContain('own prompt billing exact 0');
    expect(wordsOf(page)).toContain('What the judge thought (1) own prompt, then shorter');
    expect(wordsOf(page)).toContain('Asked again to notice a changed model (1)');
    expect(linksOf(page).filter((link) => /judge|pinned/.test(link))).toEqual([]);
  });

  test('without texts, without an answer, or under another id says so', async () => {
    await plant({
      content: null,
      status: 0,
      firstByteMs: null,
      usage: null,
      costUsd: null,
      completionId: null,
    });
    const words = wordsOf(await readPage(world, `${path}/d9`));
    expect(words).toContain('The texts of this request are not kept');
    expect(words).toContain('Upstream gave no answer');
    expect((await world.request(`${path}/none`)).status).toBe(404);
  });

  test('is found by the signed id that callers have', async () => {
    const payload = Buffer.from(JSON.stringify(['k', 'd3', 'triage'])).toString('base64url');
    expect(wordsOf(await readPage(world, `${path}/rd_${payload}.${'m'.repeat(22)}`))).toContain(
      'Decision d3',
    );
  });
});

describe('forgetting', () => {
  test('is for operators, says what goes and what stays, and leads back', async () => {
    expect(formsOf(await readPage(world, `${path}/d3`, viewerToken.secret))).toEqual([]);
    const page = await readPage(world, `${path}/d3`);
    expect(wordsOf(page)).toMatch(/Goes, for good:.*Stays:.*Not reached:/);
    const [request] = formsOf(page);
    if (request === undefined) throw new Error('there is no form');
    const response = await sendForm(world, request, { reason: 'asked by mail' });
    expect(response.headers.get('location')).toBe(`${path}/d3`);
    const words = wordsOf(await readPage(world, `${path}/d3`));
    expect(words).toContain('The texts of this request are not kept');
    expect(words).not.toContain('bold');
  });

  test('of a conversation takes the words of all its requests', async () => {
    const [, episode] = formsOf(await readPage(world, `${path}/d0`));
    if (episode === undefined) throw new Error('there is no form');
    expect((await sendForm(world, episode)).status).toBe(303);
    for (const id of ['d0', 'd1'])
      expect(wordsOf(await readPage(world, `${path}/${id}`))).toContain('no text kept');
  });
});

describe('hostile texts', () => {
  test('in prompts, answers, slots, comments, tags, grades and ids are shown as texts', async () => {
    await world.store.registerTask(sampleTask({ id: 'evil', name: hostile }));
    const decision = await plant({
      decisionId: 'e"><script>/1',
      taskId: 'evil',
      variantId: hostile.slice(0, 400),
      episodeId: hostile,
      completionId: hostile,
      segment: hostile,
      scope: hostile,
      model: hostile,
      traceId: hostile,
      finishReason: hostile,
      content: {
        request: {
          model: hostile,
          messages: [
            {
              role: hostile,
              content: hostile,
              tool_calls: [{ function: { name: hostile, arguments: hostile } }],
            },
            { role: 'user', content: [{ type: hostile }] },
          ],
        },
        slots: { [hostile]: hostile },
        completion: {
          text: hostile,
          toolCalls: [{ name: hostile, arguments: hostile }],
          finishReason: hostile,
          refusal: hostile,
        },
      },
    });
    await world.store.recordFeedback([
      sampleFeedback(
        decision,
        { metric: hostile, value: 1, comment: hostile, expected: hostile },
        { tags: { [hostile]: hostile }, scope: hostile, source: hostile },
      ),
    ]);
    await world.store.saveShadowRuns([
      sampleShadowRun(decision.decisionId, {
        taskId: 'evil',
        variantId: hostile.slice(0, 400),
        grades: [
          { kind: 'score', score: 0.5, reason: hostile },
          { kind: 'missing', reason: hostile },
        ],
      }),
    ]);
    const page = await readPage(world, `${path}/${encodeURIComponent(decision.decisionId)}`);
    expect(wordsOf(page)).toContain('<script>alert(1)</script>');
    await readPage(world, path);
    await readPage(
      world,
      `${path}?${new URLSearchParams({ segment: hostile.slice(0, 400), id: '"><b>' }).toString()}`,
    );
  });
});
