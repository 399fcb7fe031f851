import { describe, expect, it } from 'vitest';
import { textOf } from '../domain/chat.ts';
import { taskOf, variantOf } from './fixtures.case.ts';
import { busyHouse, houseWith, promote, proposing, reject, rollBack, startMs } from './learner-house.case.ts';

describe('a proposal', () => {
  it('becomes a campaign that knows where it came from', async () => {
    const house = await busyHouse();
    house.answer = () => {
      house.clock.nowMs += 90_000;
      return proposing('Be brief.');
    };
    const outcome = await house.outcome();
    const [campaign, ...others] = await house.campaigns();
    expect(others).toEqual([]);
    expect(outcome).toEqual({
      kind: 'proposed',
      optimizer: 'opro',
      campaignIds: [campaign?.id],
      dropped: {},
    });
    const shown = campaign?.proposal.shownDecisionIds ?? [];
    expect(shown).toHaveLength(3);
    expect(campaign).toMatchObject({
      taskId: 'task',
      revision: 1,
      state: 'proposed',
      incumbentId: 'baseline',
      frozenAtMs: startMs + 90_000,
      proposal: {
        variant: variantOf({ op: 'insert', text: 'Be brief.', intent: 'add Be brief.' }),
        parentId: 'baseline',
        optimizer: 'opro',
        originCampaignId: null,
        shownTraceIds: shown.map((id) => `trace-${id}`),
        costUsd: 600 / 1e6,
      },
      history: [],
    });
    expect(house.steps).toEqual([
      expect.objectContaining({
        name: 'learner.propose',
        campaignId: campaign?.id,
        linkedTraceIds: campaign?.proposal.shownTraceIds,
      }),
    ]);
    expect(house.counts).toContainEqual({
      name: 'ratchet.campaigns',
      value: 1,
      labels: { task: 'name of task', state: 'proposed' },
    });
  });

  it('is frozen after everything that its optimizer has seen', async () => {
    const house = await busyHouse();
    await house.outcome();
    const [campaign] = await house.campaigns();
    const traces = await house.store.readTraces({ taskId: 'task', order: 'newest', limit: 99 });
    const shown = traces.filter(({ decision }) =>
      campaign?.proposal.shownDecisionIds.includes(decision.decisionId),
    );
    expect(shown).toHaveLength(3);
    for (const { decision } of shown) expect(decision.atMs).toBeLessThanOrEqual(campaign?.frozenAtMs ?? 0);
  });

  it('comes once: the same answer again is not news', async () => {
    const house = await busyHouse();
    await house.outcome();
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new', dropped: { 'already-tried': 1 } });
    expect(await house.campaigns()).toHaveLength(1);
  });

  it('is not repeated after the gate has rejected it', async () => {
    const house = await busyHouse();
    await house.outcome();
    const [campaign] = await house.campaigns();
    if (campaign !== undefined) await reject(house, campaign);
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new', dropped: { 'already-tried': 1 } });
    const told = JSON.parse(textOf(house.requests[1]?.messages[1]?.content)) as { history: unknown[] };
    expect(told.history).toMatchObject([
      { outcome: 'rejected', edits: [{ op: 'insert', text: 'Be brief.' }] },
    ]);
  });

  it('builds on the incumbent, and shows its prompt', async () => {
    const house = await busyHouse(() => proposing('First.'));
    await house.outcome();
    const [first] = await house.campaigns();
    await promote(house, first);
    house.answer = () => proposing('Second.');
    await house.outcome();
    const second = (await house.campaigns())[1]?.proposal;
    expect(second?.parentId).toBe(first?.proposal.variant.id);
    expect(second?.variant.edits).toMatchObject([{ text: 'First.' }, { text: 'Second.' }]);
    const told = JSON.parse(textOf(house.requests[1]?.messages[1]?.content)) as { prompt: string };
    expect(told.prompt.endsWith('\nFirst.')).toBe(true);
  });

  it('learns from requests that the incumbent served, once there are enough', async () => {
    const house = await busyHouse();
    await house.outcome();
    const [first] = await house.campaigns();
    await promote(house, first);
    const variantId = first?.proposal.variant.id ?? '';
    const own = Array.from({ length: 20 }, (_, index) => ({ id: `own-${index}`, variantId, reward: 0 }));
    await house.feed(own);
    house.answer = () => proposing('Be polite.');
    await house.outcome();
    const shown = (await house.campaigns())[1]?.proposal.shownDecisionIds ?? [];
    expect(shown).toHaveLength(4);
    expect(shown.every((id) => id.startsWith('own-'))).toBe(true);
  });

  it('takes no more campaigns than there is room for, and asks for no more', async () => {
    const house = await busyHouse(() => proposing('a', 'b', 'c', 'd', 'e'));
    expect(await house.outcome()).toMatchObject({ kind: 'proposed', dropped: { 'no-room': 1 } });
    expect(await house.campaigns()).toHaveLength(4);
    expect(JSON.parse(textOf(house.requests[0]?.messages[1]?.content))).toMatchObject({ count: 4 });
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'campaigns-open' });
    expect(house.requests).toHaveLength(1);
  });

  it('comes from each optimizer in turn', async () => {
    let call = 0;
    const house = await busyHouse(() => proposing(`proposal ${(call += 1)}`));
    await house.cycle();
    await house.cycle();
    await house.cycle();
    const names = (await house.campaigns()).map(({ proposal }) => proposal.optimizer);
    expect(names).toEqual(['opro', 'textual-gradient', 'opro']);
  });
});

describe('what a rollback took away', () => {
  it('is put back piece by piece, at no cost, before any model is asked', async () => {
    const house = await busyHouse(() => proposing('First.'));
    await house.outcome();
    await promote(house, (await house.campaigns())[0]);
    house.answer = () => proposing('Second.');
    await house.outcome();
    await promote(house, (await house.campaigns())[1]);
    const asked = house.requests.length;
    house.clock.nowMs += 1_000;
    await rollBack(house);

    expect(await house.outcome()).toMatchObject({ kind: 'proposed', optimizer: 'restore-edit' });
    expect(house.requests).toHaveLength(asked);
    const restored = (await house.campaigns()).slice(2).map(({ proposal }) => proposal);
    expect(restored).toMatchObject([
      { variant: { edits: [{ text: 'First.' }] }, parentId: 'baseline', costUsd: 0 },
      { variant: { edits: [{ text: 'Second.' }] }, parentId: 'baseline', costUsd: 0 },
    ]);
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new' });
    expect(house.requests).toHaveLength(asked + 1);
  });
});

it('stops between tasks when it is told to', async () => {
  const ids = ['t0', 't1', 't2', 't3', 't4', 't5'];
  const house = await houseWith(ids.map((id) => taskOf({}, { id })));
  const report = await house.cycle({ signal: AbortSignal.abort() });
  expect(report).toEqual({ kind: 'ran', tasks: [] });
});
