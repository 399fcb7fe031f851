import { describe, expect, test } from 'vitest';
import { baselineVariantId } from '../../domain/variant.ts';
import { sampleVariant, startMs } from '../../store/samples.case.ts';
import { sampleEvidence } from './api-world.case.ts';
import { usePlantedApi } from './planted-api.case.ts';

const variant = sampleVariant();
const { world, body, listed } = usePlantedApi();

describe('variants', () => {
  test('are listed, the agent\u2019s own prompt first, in parts of any size', async () => {
    for (const limit of [1, 2, 50]) {
      const items = await listed('/api/tasks/triage/variants', limit);
      expect(new Set(items.map(({ status }) => status))).toEqual(new Set(['baseline', 'canary', 'proposed']));
      expect(items).toHaveLength(3);
      expect(items[0]).toMatchObject({ id: baselineVariantId, edits: [] });
    }
  });

  test('show the prompt before and after, and what differs', async () => {
    expect(await body(`/api/tasks/triage/variants/${variant.id}`)).toMatchObject({
      parentId: 'baseline',
      campaignIds: ['c1'],
      needs: [[]],
      prompt: {
        before: 'Sort the ticket.',
        after: 'Sort the ticket.\nAnswer with one word.',
        parts: [
          { kind: 'same', text: 'Sort the ticket.' },
          { kind: 'added', text: '\nAnswer with one word.' },
        ],
      },
    });
    const other = sampleVariant('Be brief.').id;
    expect(await body(`/api/tasks/triage/diff?from=${variant.id}&to=${other}`)).toMatchObject({
      fromId: variant.id,
      toId: other,
      after: 'Sort the ticket.\nBe brief.',
    });
    expect((await world().get('/api/tasks/triage/variants/none')).body).toMatchObject({
      code: 'unknown_variant',
    });
  });
});

describe('plans', () => {
  test('are listed newest first with their verdicts', async () => {
    for (const limit of [1, 50])
      expect(await listed('/api/tasks/triage/plans', limit)).toMatchObject([
        { version: 2, cause: { kind: 'canary-started' }, verdict: { kind: 'promote' } },
        { version: 1, verdict: null },
      ]);
    expect(await body('/api/tasks/triage/plans/1')).toMatchObject({ version: 1 });
    expect((await world().get('/api/tasks/triage/plans/9')).status).toBe(404);
    expect((await world().get('/api/tasks/triage/plans/x')).body).toMatchObject({
      code: 'invalid_request',
      param: 'version',
    });
  });
});

describe('campaigns', () => {
  test.each([
    ['', ['c2', 'c1']],
    ['?state=open&task=triage', ['c2', 'c1']],
    ['?state=ended', []],
    ['?state=waiting', []],
  ])('are listed %s', async (query, ids) => {
    expect((await listed(`/api/campaigns${query}`, 1)).map(({ id }) => id)).toEqual(ids);
  });

  test('show evidence, and how it came', async () => {
    expect(await body('/api/campaigns/c1')).toMatchObject({
      state: 'canary',
      optimizer: 'opro',
      verdict: { evidence: { logThreshold: 6 } },
      isAwaitingApproval: false,
    });
    expect(await body('/api/campaigns/c1/evidence')).toEqual(sampleEvidence);
    expect(await body('/api/campaigns/c1/path')).toMatchObject({
      points: [{ state: 'canary', pairs: 40, logSuperiority: 2, logThreshold: 6 }],
    });
  });
});

describe('decisions', () => {
  test.each([
    ['task=triage', ['d5', 'd4', 'd3', 'd2', 'd1', 'd0']],
    ['task=triage&order=oldest', ['d0', 'd1', 'd2', 'd3', 'd4', 'd5']],
    ['id=d3', ['d3']],
    ['completion=chatcmpl-d2', ['d2']],
    ['episode=run-1', ['d1', 'd0']],
    [`variant=${variant.id}&task=triage`, ['d5', 'd3', 'd1']],
    ['segment=vip', ['d5']],
    [`since=${startMs + 3000}`, ['d5', 'd4']],
    [`until=${new Date(startMs + 1000).toISOString()}`, ['d1', 'd0']],
    ['attribution=pinned', []],
  ])('are found by %s', async (query, ids) => {
    for (const limit of [2, 50])
      expect((await listed(`/api/decisions?${query}`, limit)).map(({ decisionId }) => decisionId)).toEqual(
        ids,
      );
  });

  test('have no text in lists, and all of it one by one', async () => {
    const [listedOne] = await listed('/api/decisions?id=d2', 1);
    expect(listedOne).not.toHaveProperty('content');
    expect(await body('/api/decisions/d2')).toMatchObject({
      reward: 0,
      content: { completion: { text: 'billing' } },
      feedback: [{ decisionId: 'd2', value: 0 }],
      shadowRuns: [{ decisionId: 'd2' }, { decisionId: 'd2' }],
    });
    expect((await world().get('/api/decisions/none')).body).toMatchObject({ code: 'unknown_decision' });
  });

  test('and feedback are data, never markup', async () => {
    const reply = await world().get('/api/feedback?decision=d3&episode=d3');
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toMatchObject({ items: [{ comment: '<b>bold</b>' }] });
    expect(await listed('/api/feedback?task=triage', 4)).toHaveLength(6);
  });
});

describe('logs', () => {
  test('have every change since a place', async () => {
    const all = (await body('/api/changes')) as {
      readonly items: readonly { readonly position: number }[];
      readonly newest: number;
    };
    expect(all.items.at(-1)?.position).toBe(all.newest);
    expect(await body(`/api/changes?after=${all.newest}`)).toEqual({ items: [], newest: all.newest });
    expect(await body('/api/audit')).toEqual({ items: [], next: null });
    expect(await body('/api/tasks/triage/watch-events')).toEqual({ items: [], next: null });
  });
});

describe('reading', () => {
  test('again what has not changed takes no answer', async () => {
    for (const path of ['/api/tasks', '/api/tasks/triage/plan', '/api/campaigns/c1', '/api/decisions/d2']) {
      const first = await world().get(path);
      const etag = first.headers.get('etag') ?? '';
      expect(await world().get(path, { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
      expect(await world().get(path, { 'if-none-match': '"another"' })).toMatchObject({ status: 200 });
    }
    expect((await world().get('/api/tasks/triage/plan')).headers.get('etag')).toBe('"plan-2"');
  });

  test.each([
    ['/api/tasks?limit=0', 'limit'],
    ['/api/tasks?limit=many', 'limit'],
    ['/api/tasks?cursor=nonsense', 'cursor'],
    ['/api/tasks/triage/plans?cursor=WyJhIl0', 'cursor'],
    // What no database could compare with a moment or a version.
    ['/api/tasks/triage/plans?cursor=WzEuNV0', 'cursor'],
    ['/api/decisions?cursor=WzFlMzAwLCJ4Il0', 'cursor'],
    ['/api/decisions?since=99999999999999999999', 'since'],
    ['/api/decisions?since=yesterday', 'since'],
    ['/api/decisions?attribution=guessed', 'attribution'],
    ['/api/campaigns?state=lost', 'state'],
  ])('%s is refused by the name of the field', async (path, param) => {
    expect(await world().get(path)).toMatchObject({ status: 400, body: { code: 'invalid_request', param } });
  });
});
