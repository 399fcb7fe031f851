import { describe, expect, it } from 'vitest';
import type { ReplayOutcome } from './answer-requests.ts';
import { traceOf } from './trace.case.ts';
import { unitPairs, type Replayed } from './unit-pairs.ts';

const request = { model: 'm', messages: [] };
const answered: ReplayOutcome = { kind: 'answered', runs: new Map() };

function replayed(episodeId: string, decisionId: string, outcome: ReplayOutcome): Replayed {
  return { trace: traceOf({ request, slots: {} }, { episodeId, decisionId, segment: 'vip' }), outcome };
}

describe('unitPairs', () => {
  it('counts a conversation once, by the mean of its requests', () => {
    const values = [1, 0, -1];
    const pairs = unitPairs(
      'c',
      [replayed('e1', 'd1', answered), replayed('e1', 'd2', answered), replayed('e2', 'd3', answered)],
      () => ({ primary: values.shift() ?? 0 }),
    );
    expect(pairs).toEqual([
      { campaignId: 'c', unitId: 'e1', differences: { primary: 0.5, 'slice:vip': 0.5 } },
      { campaignId: 'c', unitId: 'e2', differences: { primary: -1, 'slice:vip': -1 } },
    ]);
  });

  it('lets a conversation with a skipped request wait, and marks one that tells nothing as seen', () => {
    const pairs = unitPairs(
      'c',
      [
        replayed('e1', 'd1', answered),
        replayed('e1', 'd2', { kind: 'skipped' }),
        replayed('e2', 'd3', { kind: 'unusable' }),
      ],
      () => ({ primary: 1 }),
    );
    expect(pairs).toEqual([{ campaignId: 'c', unitId: 'e2', differences: {} }]);
  });
});
