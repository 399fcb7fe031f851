import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AdminToken } from '../domain/admin-token.ts';
import { hostileJson, outcomeOf } from '../domain/hostile-json.case.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import { bodyOf } from './pages/actions.ts';
import { readSession } from './session.ts';

const tokens: readonly AdminToken[] = ['ada', '__proto__'].map((id) => ({
  id,
  secret: `a-long-secret-of-${id}`,
  role: 'operator',
}));

test('whatever stands in a cookie, nobody is signed in by it', () => {
  const claim = fc.oneof(
    hostileJson,
    fc.record({ id: fc.constantFrom('ada', '__proto__', ''), untilMs: fc.double({ min: 1 }) }),
  );
  const session = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(claim, fc.string({ unit: 'binary', maxLength: 50 })).map(([claimed, signed]) => {
      return `${Buffer.from(JSON.stringify(claimed)).toString('base64url')}.${signed}`;
    }),
  );
  fc.assert(
    fc.property(session, (cookie) => {
      expect(readSession(cookie, tokens, { now: () => 0 })).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('whatever fields a form has, it is refused in our words or becomes a body, and changes no object', () => {
  const name = fc
    .array(fc.constantFrom('a', '__proto__', 'constructor', 'prototype', '0', 'json:a', ''), { maxLength: 4 })
    .map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.oneof(fc.string(), fc.json())), { maxLength: 6 }), (fields) => {
      outcomeOf(
        () => bodyOf(Object.fromEntries(fields)),
        (error) => error instanceof RatchetError,
      );
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    }),
    { numRuns: 500 },
  );
});
