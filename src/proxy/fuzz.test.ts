import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damaged, hostileJson, outcomeOf } from '../domain/hostile-json.case.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { createDecisionIds } from './decision-id.ts';
import { parseFeedback, type FeedbackForm } from './feedback.schema.ts';

const isRefusal = (error: unknown): boolean =>
  error instanceof RatchetError && error.code === 'invalid_feedback';

describe.each<[FeedbackForm, object]>([
  ['ratchet', { id: 'a', metric: 'resolved', value: true, key: 'k', comment: 'c', tags: { user: 'u' } }],
  ['gateway', { inference_id: 'a', metric_name: 'accepted', value: true, tags: { user: 'u' } }],
])('whatever is sent as feedback in the form of %s', (form, sound) => {
  test('is refused in our words or becomes entries within their bounds', () => {
    fc.assert(
      fc.property(fc.oneof(hostileJson, damaged(sound), damaged([sound, sound])), (sent) => {
        const entries = outcomeOf(() => parseFeedback(sent, form), isRefusal);
        if (entries === 'refused') return;
        for (const { id, metric, value, key, tags } of entries) {
          expect(id.length).toBeGreaterThan(0);
          expect(id.length).toBeLessThanOrEqual(4096);
          expect(metric?.length ?? 0).toBeLessThanOrEqual(200);
          expect(typeof value === 'boolean' || value === null || Number.isFinite(value)).toBe(true);
          expect(key?.length ?? 0).toBeLessThanOrEqual(200);
          expect(Object.values(tags).every((tag) => typeof tag === 'string')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('whatever is given as a decision id', () => {
  const ids = createDecisionIds('a secret');
  const part = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.', '=', 'ä', '\u0000') });

  test('is never taken for one that was signed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.tuple(part, part).map(([payload, mac]) => `rd_${payload}.${mac}`),
          fc
            .tuple(hostileJson, fc.base64String({ minLength: 24, maxLength: 24 }))
            .map(([payload, mac]) => `rd_${encoded(payload)}.${mac.slice(0, 22)}`),
        ),
        (id) => {
          expect(['forged', 'malformed']).toContain(ids.verify(id, 0, () => 1000).kind);
        },
      ),
    );
  });
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
