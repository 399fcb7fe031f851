import { beforeEach, describe, expect, test } from 'vitest';
import { moveCampaign } from '../../../domain/campaign.ts';
import { makeVariant } from '../../../domain/variant.ts';
import { sampleCampaign, sampleTask, startMs } from '../../../store/samples.case.ts';
import {
  createApiWorld,
  plantHistory,
  sampleEvidence,
  sampleVerdict,
  viewerToken,
  type ApiWorld,
} from '../../api/api-world.case.ts';
import { plantInShadow, plantWaiting } from './waiting-campaign.case.ts';
import { formsOf, hostile, linksOf, readPage, sendForm, wordsOf, type PageForm } from '../page.case.ts';

const lines = [
  { name: 'superiority', hypothesis: 'score difference ≤ 0', logE: 2, logThreshold: 6, effect: 'promote' },
  {
    name: 'harm',
    hypothesis: 'score difference ≥ 0',
    logE: -1,
    logThreshold: Math.log(20),
    effect: 'reject',
  },
  { name: 'futility', hypothesis: 'gain ≥ mde', logE: -2, logThreshold: Math.log(10), effect: 'reject' },
] as const;

let world: ApiWorld;

beforeEach(async () => {
  world = createApiWorld({
    gate: {
      evidenceOf: () => ({ ...sampleEvidence, lines }),
      nextAlphaLevel: () => 0.002,
      scoreDifference: () => undefined,
    },
  });
  await plantHistory(world.store);
});

/** A campaign that has passed and waits, in a task that asks for a person's yes. */
const ordersOf = (page: string): readonly string[] => formsOf(page).map(({ action }) => action);
const orderOf = (page: string, end: string): PageForm => {
  const form = formsOf(page).find(({ action }) => action.endsWith(end));
  if (form === undefined) throw new Error(`the page has no form for ${end}`);
  return form;
};

describe('the list of campaigns', () => {
  test('shows what each changes, its state, effect so far, pairs and age', async () => {
    const page = await readPage(world, '/console/campaigns');
    expect(wordsOf(page)).toMatch(/shorter canary \+0\.100 40 Sort support tickets opro 1 d ago/);
    expect(wordsOf(page)).toMatch(/shorter shadow – –/);
    expect(linksOf(page)).toEqual(expect.arrayContaining(['/console/campaigns/c1', '/console/tasks/triage']));
  });

  test('puts what waits for a person in front, and tells it from the rest', async () => {
    await plantWaiting(world.store);
    const page = await readPage(world, '/console/campaigns');
    expect(wordsOf(page)).toContain('One proposal has passed and waits for a person’s yes.');
    const waiting = wordsOf(await readPage(world, '/console/campaigns?state=waiting'));
    expect(waiting).toMatch(/shorter shadow waits for you/);
    expect(waiting).not.toContain('canary +0.100');
  });

  test.each([
    ['open', 2],
    ['waiting', 0],
    ['ended', 0],
    ['', 2],
  ])('of those that are %s has %i', async (state, count) => {
    const page = await readPage(world, `/console/campaigns?state=${state}`);
    expect(page.match(/data-row/g)?.filter((_, index) => index > 0) ?? []).toHaveLength(count);
  });

  test('is kept to one task, and goes on with older ones', async () => {
    await plantWaiting(world.store);
    expect(wordsOf(await readPage(world, '/console/campaigns?task=manual'))).not.toContain('canary');
    for (let index = 0; index < 50; index += 1)
      await world.store.addCampaign(sampleCampaign(`more-${index}`, { taskId: 'manual' }));
    const page = await readPage(world, '/console/campaigns?task=manual');
    const older = linksOf(page).find((link) => link.includes('cursor='));
    expect(older).toContain('task=manual');
    expect(await readPage(world, older ?? '')).toContain('data-row');
  });

  test('teaches where there is nothing', async () => {
    world = createApiWorld();
    expect(wordsOf(await readPage(world, '/console/campaigns'))).toContain('ratchet doctor --task TASK');
  });
});

describe('the page of a campaign', () => {
  test('says what it changes, why, what happened and what the test asks for', async () => {
    const words = wordsOf(await readPage(world, '/console/campaigns/c1'));
    for (const text of [
      'What it changes',
      'Sort the ticket. Answer with one word.',
      'Proposed by opro, to improve answers',
      'the agent’s own prompt, version 1 of it',
      'In the traffic canary',
      '1.0 % of new conversations',
      'verdict agrees',
    ])
      expect(words).toContain(text);
    expect(words).toMatch(/proposed 1 d ago by opro screened/);
  });

  test('draws the e-processes against their thresholds, and tells the same in words and figures', async () => {
    const page = await readPage(world, '/console/campaigns/c2');
    expect(wordsOf(page)).toContain('The gate has not looked at the evidence yet.');
    await plantInShadow(world.store, { id: 'w2', taskId: 'triage', verdict: sampleVerdict('continue') });
    const drawn = await readPage(world, '/console/campaigns/w2');
    expect(drawn).toContain(
      'aria-label="Evidence after 40 pairs. better: E 7.4, its bar is 403; worse: E 0.37, its bar is 20; no gain worth waiting for: E 0.14, its bar is 10."',
    );
    expect(drawn.match(/class="threshold"/g)).toHaveLength(3);
    expect(wordsOf(drawn)).toContain('better E 7.4, promotes at 403');
    expect(wordsOf(drawn)).toContain('40 +0.100 2.00 6.00 −1.00 −2.00');
    expect(wordsOf(drawn)).toContain('33 % of the evidence that it takes');
    expect(wordsOf(drawn)).toContain('edit-tokens tokens inserted, deleted or replaced 24 48 passed');
  });

  test('draws no bars of superiority for a test of equivalence', async () => {
    const campaign = await plantInShadow(world.store, {
      id: 'w3',
      taskId: 'triage',
      verdict: sampleVerdict('continue'),
    });
    const terms = {
      mode: 'equivalence',
      mde: 0.02,
      margin: 0.02,
      isStrict: true,
      guardrails: [{ name: 'format', margin: 0.02, isRequired: true }],
      slices: [{ name: 'vip', margin: 0.1 }],
      secondary: { name: 'tokens', mde: 0.05 },
      anchorId: 'baseline',
    } as const;
    await world.store.commitGate({
      taskId: 'triage',
      campaigns: [{ ...campaign, revision: campaign.revision + 1, terms }],
    });
    const page = await readPage(world, '/console/campaigns/w3');
    expect(page).not.toContain('path-chart');
    expect(wordsOf(page)).toContain(
      'a score no worse by 0.02, nor than the best prompt there has been, and better tokens',
    );
    expect(wordsOf(page)).toContain('vip: has to be shown no worse by 0.1');
  });

  test('shows every e-value beside its bar, the effect with its interval, and what answers take', async () => {
    const words = wordsOf(await readPage(world, '/console/campaigns/c1'));
    expect(words).toContain('+0.100 +0.020 … +0.180 40');
    expect(words).toContain('vip +0.000 −0.100 … +0.100 9');
    expect(words).toContain('cost ×0.90 ×0.80 … ×1.00 40');
  });

  test('that is not there says so', async () => {
    const response = await world.request('/console/campaigns/none');
    expect(response.status).toBe(404);
    expect(wordsOf(await response.text())).toContain('there is no campaign "none"');
  });
});

describe('orders', () => {
  test('are for operators, by what the state allows', async () => {
    await plantWaiting(world.store);
    expect(ordersOf(await readPage(world, '/console/campaigns/w1'))).toEqual([
      '/console/campaigns/w1/approve',
      '/console/campaigns/w1/reject',
      '/console/campaigns/w1/promote',
    ]);
    // It serves already, and where the gate goes on by itself nobody is asked.
    expect(ordersOf(await readPage(world, '/console/campaigns/c1'))).toEqual([
      '/console/campaigns/c1/promote',
    ]);
    expect(ordersOf(await readPage(world, '/console/campaigns/w1', viewerToken.secret))).toEqual([]);
    expect(ordersOf(await readPage(world, '/console/campaigns'))).toEqual([]);
  });

  test('do what they say and lead back, with the reason in the audit log', async () => {
    await plantWaiting(world.store);
    const approve = orderOf(await readPage(world, '/console/campaigns/w1'), '/approve');
    const response = await sendForm(world, approve, { reason: 'looks right' });
    expect(response.headers.get('location')).toBe('/console/campaigns/w1');
    expect(wordsOf(await readPage(world, '/console/campaigns/w1'))).not.toContain('Approved. The gate');
    expect((await world.store.readCampaign('w1'))?.approval?.by).toBe('ada');
    const reject = orderOf(await readPage(world, '/console/campaigns/c2'), '/reject');
    expect((await sendForm(world, reject, { reason: 'too informal' })).status).toBe(303);
    const words = wordsOf(await readPage(world, '/console/audit'));
    expect(words).toMatch(/ada reject c2 just now Sort support tickets shadow → rejected “too informal”/);
    expect(wordsOf(await readPage(world, '/console/campaigns/c2'))).toContain(
      'rejected by ada: too informal',
    );
  });

  test('need a reason where they override or end something, and say that they override', async () => {
    const page = await readPage(world, '/console/campaigns/c2');
    expect(wordsOf(page)).toContain('This overrides the gate.');
    expect((await sendForm(world, orderOf(page, '/promote'))).status).toBe(400);
    expect((await sendForm(world, orderOf(page, '/promote'), { reason: 'trust me' })).status).toBe(303);
    expect(wordsOf(await readPage(world, '/console/campaigns/c2'))).toContain(
      'Promoted by ada without the gate’s verdict.',
    );
    expect(ordersOf(await readPage(world, '/console/campaigns/c2'))).toEqual([]);
  });

  test('upon what has changed since change nothing', async () => {
    const reject = orderOf(await readPage(world, '/console/campaigns/c2'), '/reject');
    await world.post('/api/campaigns/c2/promote', { reason: 'first' });
    const response = await sendForm(world, reject, { reason: 'second' });
    expect(response.status).toBe(412);
    expect((await world.store.readCampaign('c2'))?.state).toBe('promoted');
  });
});

describe('hostile texts', () => {
  test('in names, ids, edits, reasons and segments are shown as texts', async () => {
    const id = 'c"><script>alert(1)</script>/..';
    const edits = [
      { op: 'insert', text: hostile, after: 'ticket', intent: hostile },
      { op: 'replace', find: 'Sort', text: hostile, intent: '' },
    ] as const;
    await world.store.registerTask(sampleTask({ id: 't"><b>', name: hostile }));
    const variant = makeVariant('t"><b>', 1, edits);
    const campaign = sampleCampaign(id, {
      taskId: 't"><b>',
      proposal: { ...sampleCampaign(id).proposal, variant, optimizer: hostile, shownDecisionIds: [hostile] },
    });
    await world.store.addCampaign(campaign);
    await world.store.commitGate({
      taskId: 't"><b>',
      campaigns: [moveCampaign(campaign, 'rejected', { atMs: startMs, reason: hostile })],
    });
    const list = await readPage(world, '/console/campaigns');
    const link = linksOf(list).find((one) => one.includes('script')) ?? '';
    expect(link).not.toMatch(/[<>"]/);
    const page = await readPage(world, link);
    expect(wordsOf(page)).toContain('<script>alert(1)</script>');
    expect(page.length).toBeLessThan(600_000);
    await readPage(world, `/console/campaigns?task=${encodeURIComponent('t"><b>')}`);
  });
});
