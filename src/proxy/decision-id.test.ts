import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecisionRef } from '../domain/decision.ts';
import { createDecisionIds } from './decision-id.ts';

const windowMs = 1000;
const verifyAt = (secret: string, id: string, nowMs: number) =>
  createDecisionIds(secret).verify(id, nowMs, () => windowMs);

const ref: fc.Arbitrary<DecisionRef> = fc.record(
  {
    decisionId: fc.string({ minLength: 1 }),
    taskId: fc.string(),
    variantId: fc.string(),
    propensity: fc.double({ min: Number.MIN_VALUE, max: 1, noNaN: true }),
    planVersion: fc.nat(),
    episodeId: fc.string({ unit: 'grapheme', maxLength: 256 }),
    atMs: fc.nat(),
    attribution: fc.constantFrom('drawn', 'pinned', 'unattributed', 'removed'),
    scope: fc.string(),
    isUnrecorded: fc.constant(true),
  },
  {
    requiredKeys: [
      'decisionId',
      'taskId',
      'variantId',
      'propensity',
      'planVersion',
      'episodeId',
      'atMs',
      'attribution',
      'scope',
    ],
  },
);

const sample: DecisionRef = {
  decisionId: 'k3j2-1',
  taskId: 'task-abc',
  variantId: 'baseline',
  propensity: 0.1,
  planVersion: 3,
  episodeId: 'k3j2-1',
  atMs: 5000,
  attribution: 'drawn',
  scope: 'local',
};

describe('a signed decision id', () => {
  test('gives back exactly what was signed', () => {
    fc.assert(
      fc.property(ref, fc.string(), (signed, secret) => {
        const id = createDecisionIds(secret).sign(signed);
        expect(id).toMatch(/^rd_[\w-]+\.[\w-]{22}$/);
        expect(verifyAt(secret, id, signed.atMs)).toEqual({ kind: 'valid', ref: signed });
      }),
    );
  });

  test('with any bit changed is forged or malformed', () => {
    const id = createDecisionIds('secret').sign(sample);
    for (let byte = 0; byte < id.length; byte += 1)
      for (let bit = 0; bit < 8; bit += 1) {
        const bytes = Buffer.from(id, 'latin1');
        bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << bit), byte);
        const { kind } = verifyAt('secret', bytes.toString('latin1'), sample.atMs);
        expect(['forged', 'malformed'], `bit ${bit} of character ${byte}`).toContain(kind);
      }
  });

  test('of another secret is forged', () => {
    expect(verifyAt('other', createDecisionIds('secret').sign(sample), 0)).toEqual({ kind: 'forged' });
  });

  test.each([
    [sample.atMs + windowMs, 'valid'],
    [sample.atMs + windowMs + 1, 'expired'],
  ])('at %i is %s', (nowMs, kind) => {
    expect(verifyAt('secret', createDecisionIds('secret').sign(sample), nowMs)).toEqual({
      kind,
      ref: sample,
    });
  });

  test.each(['', 'rd_', 'rd_.', 'rd_abc', 'rd_abc.def', `rd_${'a'.repeat(5000)}.${'b'.repeat(22)}`])(
    'cannot be "%.20s"',
    (id) => {
      expect(verifyAt('secret', id, 0)).toEqual({ kind: 'malformed' });
    },
  );

  test('is short enough for a header', () => {
    expect(createDecisionIds('secret').sign(sample).length).toBeLessThan(200);
  });
});
