import { describe, expect, it } from 'vitest';
import { RatchetError } from '../domain/ratchet-error.ts';
import { dayOf, noSpend } from '../domain/spend.ts';
import { defaultTaskConfig } from '../domain/task.ts';
import type { TaskOutcome } from './learner-deps.ts';
import { busyHouse, type House, proposing, startMs } from './learner-house.case.ts';

describe('the budget', () => {
  const spent = async (house: House) => await house.store.readSpend('task', dayOf(startMs));

  it('is charged what a call cost, once', async () => {
    const house = await busyHouse();
    await house.outcome();
    const spend = await spent(house);
    expect(spend.usd).toBeCloseTo(600 / 1e6, 12);
    expect(spend).toMatchObject({
      optimizerCalls: 1,
      optimizerTokens: 600,
      judgeCalls: 0,
      shadowRequests: 0,
    });
    expect(house.counts).toContainEqual({
      name: 'ratchet.learning.usd',
      value: 600 / 1e6,
      labels: { task: 'name of task', kind: 'optimizer' },
    });
  });

  it('is charged before the call, so that a crash cannot make it free', async () => {
    const house = await busyHouse();
    house.answer = async () => {
      const during = await spent(house);
      expect(during.usd).toBeGreaterThan(600 / 1e6);
      expect(during.optimizerCalls).toBe(1);
      return proposing();
    };
    expect(await house.outcome()).toMatchObject({ kind: 'nothing-new' });
  });

  it.each([
    ['upstream_unreachable', 0],
    ['upstream_timeout', 1],
    ['invalid_model_output', 1],
  ] as const)('gets back what was reserved only if no model was reached: %s', async (code, calls) => {
    const house = await busyHouse(() => new RatchetError(code, 'down'));
    expect(await house.outcome()).toEqual({ kind: 'failed', code });
    expect((await spent(house)).usd > 1e-12).toBe(calls === 1);
  });

  it('is never exceeded, and its end is told once a day', async () => {
    let call = 0;
    const house = await busyHouse(undefined, {
      budget: { ...defaultTaskConfig.budget, usdPerDay: 0.02 },
      learner: { ...defaultTaskConfig.learner, choice: 'turns', openCampaignsMax: 1_000 },
    });
    house.answer = async () => {
      // What is reserved counts as well, and a fifth of the day's money is kept for alarms.
      expect((await spent(house)).usd).toBeLessThanOrEqual(0.8 * 0.02);
      return proposing(`proposal ${(call += 1)}`);
    };
    let outcome: TaskOutcome | undefined;
    for (let cycle = 0; cycle < 60 && outcome?.kind !== 'skipped'; cycle += 1)
      outcome = await house.outcome();
    expect(outcome).toEqual({ kind: 'skipped', reason: 'budget-spent' });
    expect(house.requests.length).toBeGreaterThan(1);
    await house.cycle();
    await house.cycle();
    const told = (): number => house.logs.filter(({ event }) => event === 'learner.budget-spent').length;
    expect(told()).toBe(1);

    house.clock.nowMs += 86_400_000;
    expect(await house.outcome()).toMatchObject({ kind: 'proposed' });
    expect(told()).toBe(1);
  });

  it('is shared with the gate', async () => {
    const house = await busyHouse();
    await house.store.addSpend('task', dayOf(startMs), { ...noSpend, usd: 4.5 });
    expect(await house.outcome()).toEqual({ kind: 'skipped', reason: 'budget-spent' });
    expect(house.requests).toEqual([]);
  });
});
