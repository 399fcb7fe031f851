import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignTrace } from './campaign-ids.ts';

test('a campaign has one trace and one root span, whoever computes them', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const ids = campaignTrace(one);
      expect(ids.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(ids.rootSpanId).toMatch(/^[0-9a-f]{16}$/);
      expect(campaignTrace(one)).toEqual(ids);
      if (one !== other) expect(campaignTrace(other).traceId).not.toBe(ids.traceId);
    }),
  );
});
