import { describe, expect, test } from 'vitest';
import { sampleCampaign, sampleTask, sampleVariant, startMs } from '../../store/samples.case.ts';
import { usePlantedApi } from './planted-api.case.ts';

const variant = sampleVariant();
const setup = {
  batchSize: 3,
  horizon: 'episode',
  calls: 1,
  reason: '1.0 of 2.0 proposals promoted',
} as const;
const { world, body, listed } = usePlantedApi();

describe('tasks', () => {
  test('the list says what serves, and whether anything is learned', async () => {
    expect(await body('/api/tasks')).toMatchObject({
      learning: { isOn: false, reason: 'no learning key is set' },
      items: [
        {
          id: 'triage',
          name: 'Sort support tickets',
          planVersion: 2,
          incumbentId: 'baseline',
          pinnedId: null,
          arms: 2,
          value: { incumbent: 0, baseline: 0 },
        },
      ],
      next: null,
    });
    expect(await listed('/api/tasks?name=nobody', 5)).toEqual([]);
  });

  test('the list is searched and put in order, in parts too', async () => {
    await world().store.registerTask(sampleTask({ id: 'a', name: 'Zebra tickets' }));
    await world().store.registerTask(sampleTask({ id: 'z', name: 'answer mails' }));
    const ids = async (query: string): Promise<readonly unknown[]> =>
      (await listed(`/api/tasks?${query}`, 1)).map(({ id }) => id);
    expect(await ids('order=id')).toEqual(['a', 'triage', 'z']);
    expect(await ids('order=name')).toEqual(['z', 'triage', 'a']);
    expect(await ids('order=feedbacks')).toEqual(['triage', 'a', 'z']);
    expect(await ids('search=TICKETS&order=name')).toEqual(['triage', 'a']);
  });

  test('one task shows its prompt, arms, plan and spend', async () => {
    expect(await body('/api/tasks/triage')).toMatchObject({
      baselineText: 'Sort the ticket.',
      prompt: 'Sort the ticket.',
      plan: { version: 2, verdict: { campaignId: 'c1', kind: 'promote' } },
      armDetails: [
        { variantId: 'baseline', probability: 0.99, edits: [] },
        { variantId: variant.id, probability: 0.01, edits: variant.edits },
      ],
      openCampaigns: 2,
      paused: null,
      spend: { today: { usd: 0.5 }, total: { usd: 0.5 } },
    });
  });

  test('budgets of money and error, day by day', async () => {
    expect(await body('/api/tasks/triage/spend?days=2')).toMatchObject({
      budget: { usdPerDay: 5 },
      today: { usd: 0.5 },
      days: [{ usd: 0.5 }],
      errorBudget: { alpha: 0.05, tests: 1, testsInBlock: 1, nextAlphaLevel: 0.002 },
    });
  });

  test('baselines, also those that were replaced', async () => {
    const { skeleton } = sampleTask().baseline;
    await world().store.saveBaseline('triage', { version: 2, skeleton, stableFor: 0 });
    expect(await body('/api/tasks/triage/baselines')).toMatchObject({
      items: [
        { version: 2, isPresent: true },
        { version: 1, isPresent: false, text: 'Sort the ticket.', slots: [] },
      ],
    });
  });

  test('rewards over time, with the plans that changed them', async () => {
    const series = (await body('/api/tasks/triage/series?bins=2')) as {
      readonly bins: readonly { readonly arms: readonly { readonly episodes: number }[] }[];
    };
    expect(series).toMatchObject({ isCut: false, total: [{ variantId: expect.any(String) }, {}] });
    expect(await body('/api/tasks/triage/series?episodes=2')).toMatchObject({ isCut: true });
    const episodes = series.bins.flatMap(({ arms }) => arms).reduce((sum, arm) => sum + arm.episodes, 0);
    expect(episodes).toBe(5);
  });

  test('credit is null before the gate has looked', async () => {
    expect(await body('/api/tasks/triage/credit')).toEqual({ credit: null });
  });

  test('the learner\u2019s state', async () => {
    expect(await body('/api/tasks/triage/learner')).toMatchObject({
      isOn: false,
      isHeld: false,
      openCampaigns: 2,
      baseline: { version: 1, isSettled: false },
      optimizers: expect.arrayContaining([
        { name: 'opro', isConfigured: true, campaigns: { canary: 1, shadow: 1 }, costUsd: 0.02 },
      ]),
      chosen: null,
    });
  });

  test('whom the learner asked last, how, and why', async () => {
    const campaign = sampleCampaign('c3', {
      proposal: { ...sampleCampaign('c3').proposal, atMs: startMs + 9, setup },
    });
    await world().store.addCampaign(campaign);
    expect(await body('/api/tasks/triage/learner')).toMatchObject({
      chosen: {
        optimizer: 'opro',
        batchSize: 3,
        horizon: 'episode',
        wording: null,
        reason: setup.reason,
        atMs: startMs + 9,
      },
    });
  });
});
