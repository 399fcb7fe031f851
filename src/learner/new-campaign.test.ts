import { describe, expect, it } from 'vitest';
import { firstPlan } from '../domain/plan.ts';
import { insert, traceOf, variantOf } from './fixtures.case.ts';
import { newCampaign, type Origin } from './new-campaign.ts';

const origin: Origin = {
  plan: firstPlan('task', 1, 0),
  optimizer: 'opro',
  shown: [],
  costUsd: 0,
  nowMs: 5,
  endedBefore: 0,
};
const variant = variantOf(insert('x'));

describe('the id of a campaign', () => {
  const { id } = newCampaign(variant, origin);

  it.each<[string, Partial<Origin>]>([
    ['when', { nowMs: 99 }],
    ['by whom', { optimizer: 'textual-gradient' }],
    ['from what', { shown: [traceOf()] }],
    ['at what price', { costUsd: 1 }],
  ])('is the same, %s it is proposed', (_, change) => {
    expect(newCampaign(variant, { ...origin, ...change }).id).toBe(id);
  });

  it('is another for another candidate, incumbent or plan, or after an end', () => {
    const { plan } = origin;
    const ids = [
      id,
      newCampaign(variantOf(insert('y')), origin).id,
      newCampaign(variant, { ...origin, endedBefore: 1 }).id,
      newCampaign(variant, { ...origin, plan: { ...plan, incumbentId: 'other' } }).id,
      newCampaign(variant, { ...origin, plan: { ...plan, version: 2 } }).id,
      newCampaign(variant, { ...origin, plan: { ...plan, taskId: 'other' } }).id,
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('a campaign links each trace once, and none that was not sampled', () => {
  const traces = ['a', 'a', 'b'].map((traceId, index) => {
    const trace = traceOf({ id: `d${index}` });
    return { ...trace, decision: { ...trace.decision, traceId } };
  });
  const unsampled = traceOf({ id: 'd9' });
  const shown = [...traces, { ...unsampled, decision: { ...unsampled.decision, traceId: null } }];
  expect(newCampaign(variant, { ...origin, shown }).proposal).toMatchObject({
    shownDecisionIds: ['d0', 'd1', 'd2', 'd9'],
    shownTraceIds: ['a', 'b'],
  });
});
