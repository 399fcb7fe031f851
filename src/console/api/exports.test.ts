import { beforeEach, describe, expect, test } from 'vitest';
import { sampleDecision, sampleFeedback, sampleVariant, startMs } from '../../store/samples.case.ts';
import type { Store } from '../../store/store.ts';
import { createApiWorld, plantHistory, type ApiWorld } from './api-world.case.ts';
import { trainingAnswer, trainingInput } from './training-lines.ts';

let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
});

type Line = Readonly<Record<string, unknown>>;
const exported = async (path: string): Promise<readonly Line[]> => {
  const response = await world.request(path);
  expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
  const text = await response.text();
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
};
const question = { role: 'user', content: 'I was charged twice – “why”? 💳' };

describe('an export', () => {
  test('of episodes has one draw a line, with its propensity and reward', async () => {
    const lines = await exported('/api/export/episodes?task=triage');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatchObject({ episodeId: 'run-1', variantId: 'baseline', propensity: 0.5 });
    expect(lines.map(({ decidedAtMs }) => decidedAtMs)).toEqual(
      [0, 2, 3, 4, 5].map((second) => startMs + 1000 * second),
    );
  });

  test('of decisions has no texts unless they are asked for', async () => {
    const lines = await exported('/api/export/decisions?task=triage');
    expect(lines.map(({ decisionId }) => decisionId)).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5']);
    expect(lines[3]).toMatchObject({ propensity: 0.5, attribution: 'drawn', reward: 1, planVersion: 2 });
    expect(lines[3]).not.toHaveProperty('content');
    const [whole] = await exported(`/api/export/decisions?task=triage&texts=true&since=${startMs + 4000}`);
    expect(whole).toMatchObject({ decisionId: 'd5', content: { completion: { text: 'billing' } } });
  });

  test('of preferences has the answer that graders preferred beside the other', async () => {
    const chosen = { role: 'assistant', content: 'refunds' };
    const rejected = { role: 'assistant', content: 'billing' };
    expect(await exported('/api/export/preferences?task=triage')).toEqual([
      { input: { messages: [question] }, preferred_output: [chosen], non_preferred_output: [rejected] },
    ]);
    expect(await exported('/api/export/preferences?task=triage&format=trl')).toEqual([
      {
        prompt: [question],
        chosen: [chosen],
        rejected: [rejected],
        metadata: {
          decisionId: 'd2',
          campaignId: 'c2',
          chosenVariantId: sampleVariant('Be brief.').id,
          rejectedVariantId: 'baseline',
          difference: 1,
        },
      },
    ]);
  });

  test('of examples has answers with a positive reward alone', async () => {
    const lines = await exported('/api/export/sft?task=triage');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toEqual({ messages: [question, { role: 'assistant', content: 'billing' }] });
    const decision = sampleDecision('half', { atMs: startMs + 9000 });
    await world.store.recordDecisions([decision]);
    await world.store.recordFeedback([sampleFeedback(decision, { value: 0.4 })]);
    expect(await exported('/api/export/sft?task=triage')).toHaveLength(4);
    expect(await exported('/api/export/sft?task=triage&above=0.5')).toHaveLength(3);
  });

  test('of what was forgotten has no texts', async () => {
    await world.post('/api/forget', { target: { kind: 'scope', scope: 'key-1' } });
    expect(await exported('/api/export/sft?task=triage')).toEqual([]);
    expect(await exported('/api/export/preferences?task=triage')).toEqual([]);
    expect(await exported('/api/export/decisions?task=triage')).toHaveLength(6);
  });

  test('of many is complete, episodes of one moment included', async () => {
    const many = Array.from({ length: 2600 }, (_, index) =>
      sampleDecision(`m${index}`, { atMs: startMs + 60_000 + (index < 700 ? 0 : Math.floor(index / 3)) }),
    );
    await world.store.recordDecisions(many);
    const since = `task=triage&since=${startMs + 30_000}`;
    const decisions = await exported(`/api/export/decisions?${since}`);
    expect(new Set(decisions.map(({ decisionId }) => decisionId)).size).toBe(2600);
    const episodes = await exported(`/api/export/episodes?${since}`);
    expect(episodes).toHaveLength(2600);
    expect(new Set(episodes.map(({ episodeId }) => episodeId)).size).toBe(2600);
  });

  test('reads a part only when the client has taken the one before', async () => {
    await world.store.recordDecisions(
      Array.from({ length: 2600 }, (_, index) => sampleDecision(`m${index}`, { atMs: startMs + index })),
    );
    let reads = 0;
    const counting: Store = {
      ...world.store,
      readDecisions: async (query) => {
        reads += 1;
        return world.store.readDecisions(query);
      },
    };
    const response = await createApiWorld({ store: counting }).request(
      '/api/export/decisions?task=triage&texts=true',
    );
    const reader = response.body?.getReader();
    await reader?.read();
    expect(reads).toBeLessThanOrEqual(2);
    await reader?.cancel();
    expect(reads).toBeLessThanOrEqual(2);
  });

  test('that a stop breaks off does not look complete', async () => {
    const stopping = new AbortController();
    const store = world.store;
    const stopped = createApiWorld({ store, stopping: stopping.signal });
    stopping.abort();
    const response = await stopped.request('/api/export/decisions?task=triage');
    await expect(response.text()).rejects.toThrow();
  });

  test.each(['', '?task=none', '?task=triage&format=xml'])('of %s is refused', async (query) => {
    expect((await world.get(`/api/export/preferences${query}`)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('a line for training', () => {
  const completion = { text: 'billing', toolCalls: [], finishReason: 'stop', refusal: null };

  test.each([
    ['is cut off', { ...completion, finishReason: 'length' }],
    ['was a refusal', { ...completion, refusal: 'no' }],
    ['says nothing', { ...completion, text: '' }],
  ])('is not made of an answer that %s', (_, answer) => expect(trainingAnswer(answer)).toBeNull());

  test('keeps tools and their calls', () => {
    const tools = [{ type: 'function', function: { name: 'refund', parameters: {} } }];
    const request = { model: 'm', messages: [question], tools };
    expect(trainingInput({ request })).toEqual({ messages: [question], tools });
    const toolCalls = [{ name: 'refund', arguments: '{"id":1}' }];
    expect(trainingAnswer({ ...completion, text: '', toolCalls, finishReason: 'tool_calls' })).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'refund', arguments: '{"id":1}' } }],
    });
  });
});
