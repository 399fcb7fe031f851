import { beforeEach, describe, expect, test } from 'vitest';
import { moveCampaign, type Campaign } from '../../domain/campaign.ts';
import { planWithPromotion } from '../../domain/next-plan.ts';
import { literalSkeleton } from '../../domain/skeleton.ts';
import { sampleTask, sampleVariant, startMs } from '../../store/samples.case.ts';
import type { Store } from '../../store/store.ts';
import { createApiWorld, plantHistory, sampleVerdict, viewerToken, type ApiWorld } from './api-world.case.ts';

const variant = sampleVariant();
let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld();
  await plantHistory(world.store);
});

const task = '/api/tasks/triage';
const planNow = async () => (await world.store.readTask('triage'))?.plan;
const campaign = async (id: string): Promise<Campaign> => {
  const found = await world.store.readCampaign(id);
  if (found === undefined) throw new Error(`no campaign ${id}`);
  return found;
};
const audited = async (): Promise<readonly string[]> =>
  (await world.store.readAudit({ limit: 9 })).items.map(({ actor, action, subject, before, after, reason }) =>
    [actor, action, subject, before, after, reason].join(' | '),
  );
const insert = (text: string) => ({ op: 'insert', text, intent: 'try' });

/** Gives the second campaign a verdict that waits for a person. */
async function pass(store: Store): Promise<void> {
  const waiting = await campaign('c2');
  const passed = { ...waiting, revision: waiting.revision + 1, verdict: sampleVerdict('promote') };
  await store.commitGate({ taskId: 'triage', campaigns: [passed] });
}

describe('who may change', () => {
  const actions = [
    [`${task}/pause`, {}],
    [`${task}/resume`, {}],
    [`${task}/pin`, { variantId: 'baseline' }],
    [`${task}/unpin`, {}],
    [`${task}/roll-back`, { toVersion: 1 }],
    [`${task}/proposals`, { edits: [insert('x')] }],
    ['/api/campaigns/c2/approve', {}],
    ['/api/campaigns/c2/reject', { reason: 'no' }],
    ['/api/campaigns/c2/promote', { reason: 'yes' }],
    ['/api/forget', { target: { kind: 'scope', scope: 'key-1' } }],
  ] as const;

  test.each(actions)('%s is an operator\u2019s', async (path, body) => {
    const before = await world.store.newestChange();
    const reply = await world.post(path, body, { authorization: `Bearer ${viewerToken.secret}` });
    expect(reply).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await world.store.newestChange()).toBe(before);
  });

  test.each(actions)('%s takes nothing that a form of another page could send', async (path, body) => {
    const send = async (headers: Record<string, string>) =>
      (await world.request(path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    expect(await send({ 'content-type': 'text/plain' })).toBe(415);
    expect(await send({ 'content-type': 'application/json', origin: 'https://evil.example' })).toBe(403);
    expect(await send({ 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect((await world.store.readAudit({ limit: 1 })).items).toEqual([]);
  });

  test.each([
    [`${task}/pin`, '{', 400, 'invalid_json'],
    [`${task}/pin`, '{}', 400, 'invalid_request'],
    [`${task}/pin`, '{"variantId":"baseline","extra":1}', 400, 'invalid_request'],
    [`${task}/pin`, JSON.stringify('x'.repeat(2_000_000)), 413, 'payload_too_large'],
    ['/api/tasks/none/pause', '{}', 404, 'not_found'],
    ['/api/campaigns/none/approve', '{}', 404, 'not_found'],
    ['/api/campaigns/c2/reject', '{"reason":" "}', 400, 'invalid_request'],
  ])('%s refuses %.40s', async (path, text, status, code) => {
    const response = await world.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({
      status,
      code,
    });
  });
});

describe('learning', () => {
  test('is paused and resumed, each once, and the log says by whom and why', async () => {
    expect((await world.post(`${task}/pause`, { reason: 'release week' })).body).toMatchObject({
      paused: { by: 'ada' },
    });
    expect((await world.post(`${task}/pause`, {})).body).toMatchObject({ paused: { by: 'ada' } });
    expect(await world.store.readGateState('triage')).toMatchObject({ revision: 2, paused: { by: 'ada' } });
    expect((await world.get(`${task}/learner`)).body).toMatchObject({ isHeld: true });
    expect((await world.post(`${task}/resume`, {})).body).toEqual({ paused: null });
    expect(await world.store.readGateState('triage')).not.toHaveProperty('paused');
    expect(await audited()).toEqual([
      'ada | resume | learning | paused | on | ',
      'ada | pause | learning | on | paused | release week',
    ]);
  });

  test('of a task that the gate has not looked at yet is paused too', async () => {
    await world.store.registerTask(sampleTask({ id: 'new' }));
    await world.post('/api/tasks/new/pause', {});
    expect(await world.store.readGateState('new')).toMatchObject({ revision: 1, paused: { by: 'ada' } });
  });
});

describe('a pin', () => {
  test('is a plan, and ends by another', async () => {
    expect(await world.post(`${task}/pin`, { variantId: variant.id })).toMatchObject({
      status: 200,
      body: { version: 3, pinnedId: variant.id, cause: { kind: 'pinned', by: 'ada' } },
    });
    expect((await world.get(task)).body).toMatchObject({ pinnedId: variant.id });
    expect(await world.post(`${task}/unpin`, {})).toMatchObject({ body: { version: 4 } });
    expect(await planNow()).not.toHaveProperty('pinnedId');
    expect(await audited()).toEqual([
      `ada | unpin | ${variant.id} | plan 3 | plan 4 | `,
      `ada | pin | ${variant.id} | plan 2 | plan 3 | `,
    ]);
  });

  test('to what does not serve is refused', async () => {
    expect(await world.post(`${task}/pin`, { variantId: 'other' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  test('heeds what the client has seen', async () => {
    const body = { variantId: 'baseline' };
    const stale = await world.post(`${task}/pin`, body, { 'if-match': '"plan-1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    const { headers } = await world.get(`${task}/plan`);
    const fresh = await world.post(`${task}/pin`, body, { 'if-match': headers.get('etag') ?? '' });
    expect(fresh.status).toBe(200);
    expect(fresh.headers.get('etag')).toBe('"plan-3"');
  });
});

describe('the way back', () => {
  test('leads to any plan of this baseline, and ends what it takes away', async () => {
    const promoted = moveCampaign(await campaign('c1'), 'promoted', { atMs: startMs, reason: 'test' });
    const plan = await planNow();
    if (plan === undefined) throw new Error('no plan');
    await world.store.commitGate({
      taskId: 'triage',
      campaigns: [promoted],
      plan: planWithPromotion(plan, variant.id, 'c1', startMs),
    });
    const reply = await world.post(`${task}/roll-back`, { toVersion: 1, reason: 'users complain' });
    expect(reply).toMatchObject({
      status: 200,
      body: { version: 4, incumbentId: 'baseline', cause: { reason: 'operator', by: 'ada', toVersion: 1 } },
    });
    expect(await campaign('c1')).toMatchObject({ state: 'rolled-back' });
    expect((await campaign('c1')).history.at(-1)?.reason).toBe('rolled back by ada: users complain');
    expect(await world.store.readPlans('triage', 9)).toHaveLength(4);
    expect(await audited()).toEqual(['ada | roll-back | plan | plan 3 | plan 4 | users complain']);
  });

  test.each([
    [2, 409],
    [9, 404],
  ])('to plan %i: %i', async (toVersion, status) => {
    expect((await world.post(`${task}/roll-back`, { toVersion })).status).toBe(status);
  });
});

describe('a proposal by hand', () => {
  test('is a campaign that the gate has to judge', async () => {
    const reply = await world.post(`${task}/proposals`, { edits: [insert('Be kind.')] });
    expect(reply).toMatchObject({
      status: 201,
      body: { state: 'proposed', optimizer: 'by-hand', parentId: 'baseline', edits: [{ text: 'Be kind.' }] },
    });
    const { id } = reply.body as { readonly id: string };
    expect((await world.store.readCampaigns('triage', 'open')).map((one) => one.id)).toContain(id);
    expect((await planNow())?.version).toBe(2);
    expect(await world.post(`${task}/proposals`, { edits: [insert('Be kind.')] })).toMatchObject({
      status: 409,
    });
    expect(await audited()).toEqual([`ada | propose | ${id} |  | proposed | `]);
  });

  test('builds upon the variant that is named', async () => {
    const reply = await world.post(`${task}/proposals`, {
      edits: [insert('Be kind.')],
      parentId: variant.id,
    });
    expect(reply.body).toMatchObject({ edits: [...variant.edits, { text: 'Be kind.' }] });
  });

  test.each<[string, readonly object[], string]>([
    ['has no place', [insert('x'), { op: 'delete', find: 'nowhere', intent: 'x' }], 'edits.1'],
    ['changes nothing', [{ op: 'replace', find: 'Sort', text: 'Sort', intent: 'x' }], 'edits'],
  ])('that %s is refused by its place', async (_, edits, param) => {
    expect(await world.post(`${task}/proposals`, { edits })).toMatchObject({
      status: 422,
      body: { code: 'invalid_edit', param },
    });
  });

  test('of no known kind is refused', async () => {
    expect(await world.post(`${task}/proposals`, { edits: [{ op: 'shout', intent: 'x' }] })).toMatchObject({
      status: 400,
    });
  });

  test('of what serves already is refused', async () => {
    expect((await world.post(`${task}/proposals`, { edits: variant.edits })).status).toBe(409);
  });

  test('touches no protected phrase', async () => {
    await world.store.saveTaskConfig('triage', { ...sampleTask().config, protect: ['Sort the'] });
    const edits = [{ op: 'delete', find: 'Sort', intent: 'x' }];
    expect((await world.post(`${task}/proposals`, { edits })).status).toBe(422);
  });
});

describe('a campaign', () => {
  test('that has passed is approved once', async () => {
    expect(await world.post('/api/campaigns/c2/approve', {})).toMatchObject({ status: 409 });
    await pass(world.store);
    expect(await world.post('/api/campaigns/c2/approve', {})).toMatchObject({
      status: 200,
      body: { approval: { by: 'ada' }, isAwaitingApproval: false },
    });
    expect(await world.post('/api/campaigns/c2/approve', {})).toMatchObject({ status: 409 });
    expect(await audited()).toEqual(['ada | approve | c2 | shadow | approved | ']);
  });

  test('that does not serve yet is rejected', async () => {
    expect((await world.post('/api/campaigns/c2/reject', { reason: 'too curt' })).body).toMatchObject({
      state: 'rejected',
    });
    expect((await campaign('c2')).history.at(-1)?.reason).toBe('rejected by ada: too curt');
    expect((await world.post('/api/campaigns/c1/reject', { reason: 'x' })).status).toBe(409);
  });

  test('is promoted without a verdict, and marked so', async () => {
    const other = sampleVariant('Be brief.').id;
    expect(await world.post('/api/campaigns/c2/promote', { reason: 'legal asks for it' })).toMatchObject({
      status: 200,
      body: { state: 'promoted', byHand: { by: 'ada' } },
    });
    expect(await planNow()).toMatchObject({
      version: 3,
      incumbentId: other,
      cause: { kind: 'promoted', campaignId: 'c2', by: 'ada' },
    });
    expect((await world.store.readGateState('triage'))?.errorBudget.promotionsInBlock).toBe(0);
    expect(await audited()).toEqual(['ada | promote | c2 | shadow | promoted | legal asks for it']);
  });

  test('whose edits have no place any more is not promoted', async () => {
    await world.store.saveBaseline('triage', { version: 2, skeleton: literalSkeleton('New.'), stableFor: 1 });
    expect((await world.post('/api/campaigns/c2/promote', { reason: 'x' })).status).toBe(409);
  });

  test('heeds what the client has seen', async () => {
    const { headers } = await world.get('/api/campaigns/c2');
    await pass(world.store);
    const tag = { 'if-match': headers.get('etag') ?? '' };
    expect((await world.post('/api/campaigns/c2/approve', {}, tag)).status).toBe(412);
  });
});

describe('a change at the same moment as the gate\u2019s', () => {
  test('is decided upon anew', async () => {
    let isFirst = true;
    const { store } = world;
    const contended: Store = {
      ...store,
      commitGate: async (change) => {
        if (isFirst) {
          isFirst = false;
          await pass(store);
        }
        return store.commitGate(change);
      },
    };
    const racing = createApiWorld({ store: contended });
    expect((await racing.post('/api/campaigns/c2/reject', { reason: 'no' })).status).toBe(200);
    expect(await campaign('c2')).toMatchObject({ state: 'rejected', revision: 5 });
  });

  test('that never ends is a conflict', async () => {
    const racing = createApiWorld({ store: { ...world.store, commitGate: async () => 'conflict' } });
    expect(await racing.post(`${task}/pause`, {})).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});
