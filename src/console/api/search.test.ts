import { beforeEach, describe, expect, test } from 'vitest';
import { sampleDecision, sampleTask, sampleVariant } from '../../store/samples.case.ts';
import { createApiWorld, plantHistory, viewerToken, type ApiWorld } from './api-world.case.ts';

let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
  await world.store.registerTask(sampleTask({ id: 'reply', name: 'Answer tickets' }));
});

async function found(q: string): Promise<unknown> {
  const reply = await world.get(`/api/search?q=${encodeURIComponent(q)}`);
  expect(reply.status).toBe(200);
  return reply.body;
}

/** As the proxy makes them, but signed by nobody. */
function signedId(decisionId: string): string {
  return `rd_${Buffer.from(JSON.stringify(['key1', decisionId, 'triage'])).toString('base64url')}.${'m'.repeat(22)}`;
}

describe('search', () => {
  test.each<[string, readonly object[]]>([
    ['triage', [{ kind: 'task', id: 'triage', name: 'Sort support tickets' }]],
    ['answer TICK', [{ kind: 'task', id: 'reply' }]],
    ['tickets', [{ id: 'reply' }, { id: 'triage' }]],
    ['c2', [{ kind: 'campaign', id: 'c2', taskId: 'triage' }]],
    [sampleVariant().id, [{ kind: 'variant', taskId: 'triage' }]],
    ['d3', [{ kind: 'decision', id: 'd3', name: 'chatcmpl-d3' }]],
    ['  d3 ', [{ kind: 'decision', id: 'd3' }]],
    [signedId('d3'), [{ kind: 'decision', id: 'd3' }]],
    ['chatcmpl-d4', [{ kind: 'decision', id: 'd4' }]],
    ['run-1', [{ kind: 'episode', id: 'run-1', taskId: 'triage' }]],
    ['no-such-thing', []],
    ['rd_nonsense.x', []],
  ])('of %s finds what has this id or name, and nothing else', async (q, hits) => {
    const body = (await found(q)) as { readonly items: readonly unknown[] };
    expect(body).toMatchObject({ items: hits });
    expect(body.items).toHaveLength(hits.length);
  });

  test('tells a decision from the conversation that it began', async () => {
    await world.store.recordDecisions([sampleDecision('d9', { episodeId: 'd3' })]);
    expect(await found('d3')).toMatchObject({ items: [{ kind: 'decision' }, { kind: 'episode', id: 'd3' }] });
  });

  test('puts the task of this very id before those that have it in their names', async () => {
    await world.store.registerTask(sampleTask({ id: 'a', name: 'The triage of mails' }));
    expect(await found('triage')).toMatchObject({ items: [{ id: 'triage' }, { id: 'a' }] });
  });

  test('is for viewers too, and needs something to look for', async () => {
    const viewer = { authorization: `Bearer ${viewerToken.secret}` };
    expect((await world.get('/api/search?q=d1', viewer)).status).toBe(200);
    for (const query of ['', '?q=', '?q=%20'])
      expect(await world.get(`/api/search${query}`)).toMatchObject({ status: 400, body: { param: 'q' } });
  });
});
