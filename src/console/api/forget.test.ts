import { beforeEach, describe, expect, test } from 'vitest';
import { createApiWorld, plantHistory, type ApiWorld } from './api-world.case.ts';

let world: ApiWorld;
let flushed: number;

beforeEach(async () => {
  flushed = 0;
  world = createApiWorld({ flushDecisions: async () => void (flushed += 1) });
  await plantHistory(world.store);
});

describe('forgetting', () => {
  test('takes the words of an episode away, leaves its counts, and is told in the audit log', async () => {
    const before = (await world.get('/api/tasks/triage')).body;
    const reply = await world.post('/api/forget', {
      target: { kind: 'episode', episodeId: 'd3' },
      reason: 'asked to',
    });
    expect(reply).toMatchObject({
      status: 200,
      body: { decisions: 1, feedback: 1, groundTruths: 0, shadowRuns: 0 },
    });
    expect(flushed).toBe(1);
    expect((await world.get('/api/decisions/d3')).body).toMatchObject({
      hasText: false,
      content: null,
      reward: 1,
      feedback: [{ comment: null, value: 1 }],
    });
    expect((await world.get('/api/decisions/d4')).body).toMatchObject({ hasText: true });
    expect((await world.get('/api/tasks/triage')).body).toEqual(before);
    expect((await world.get('/api/audit')).body).toMatchObject({
      items: [{ actor: 'ada', action: 'forget', taskId: null, subject: 'episode d3', reason: 'asked to' }],
    });
  });

  test('goes on until all parts are done, with one entry in the log', async () => {
    const parts: (string | null)[] = [];
    const store: ApiWorld['store'] = {
      ...world.store,
      forget: async (_target, from) => {
        parts.push(from);
        const next = parts.length < 4 ? `part ${parts.length}` : null;
        return { decisions: 500, feedback: 0, groundTruths: 0, shadowRuns: 0, next };
      },
    };
    const reply = await createApiWorld({ store }).post('/api/forget', {
      target: { kind: 'scope', scope: 'key-1' },
    });
    expect(reply.body).toMatchObject({ decisions: 2000 });
    expect(parts).toEqual([null, 'part 1', 'part 2', 'part 3']);
  });

  test.each([
    [{}],
    [{ target: { kind: 'everything' } }],
    [{ target: { kind: 'decision' } }],
    [{ target: { kind: 'scope', scope: '' } }],
  ])('nothing is taken for %j', async (body) => {
    expect(await world.post('/api/forget', body)).toMatchObject({ status: 400 });
    expect((await world.get('/api/decisions/d2')).body).toMatchObject({ hasText: true });
  });
});
