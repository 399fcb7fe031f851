import { describe, expect, test } from 'vitest';
import type { AdminToken } from '../domain/admin-token.ts';
import { issueSession, readSession, sessionMs } from './session.ts';

const ada: AdminToken = { id: 'ada', secret: 'the-operator-token-of-ada', role: 'operator' };
const viewer: AdminToken = { id: 'viewer', secret: 'the-token-of-a-viewer', role: 'viewer' };
const at = (ms: number) => ({ now: () => ms });

describe('a session', () => {
  const session = issueSession(ada, at(1000));

  test('is its owner’s, with the role that the token has now', () => {
    expect(readSession(session, [viewer, ada], at(2000))).toEqual({ id: 'ada', role: 'operator' });
    expect(readSession(session, [{ ...ada, role: 'viewer' }], at(2000))).toEqual({
      id: 'ada',
      role: 'viewer',
    });
  });

  test('ends after its time', () => {
    expect(readSession(session, [ada], at(1000 + sessionMs - 1))).toBeDefined();
    expect(readSession(session, [ada], at(1000 + sessionMs))).toBeUndefined();
  });

  test('ends when its token is changed or taken away', () => {
    expect(readSession(session, [{ ...ada, secret: 'another-secret-of-ada' }], at(2000))).toBeUndefined();
    expect(readSession(session, [viewer], at(2000))).toBeUndefined();
  });

  test('cannot be made longer, nor another’s, by who does not know the token', () => {
    const [, signed] = session.split('.');
    const forged = (claim: unknown): string =>
      `${Buffer.from(JSON.stringify(claim)).toString('base64url')}.${signed}`;
    for (const text of [
      forged({ id: 'ada', untilMs: 1e15 }),
      forged({ id: 'viewer', untilMs: 1e15 }),
      forged({ id: 'ada' }),
      forged('ada'),
      forged(null),
      `${session}x`,
      session.slice(0, -1),
      session.split('.')[0] ?? '',
      '.',
      '',
      'no session',
    ])
      expect(readSession(text, [ada, viewer], at(2000)), text).toBeUndefined();
  });

  test('does not contain the token', () => {
    expect(Buffer.from(session, 'base64url').toString()).not.toContain(ada.secret);
    expect(session).not.toContain(ada.secret);
  });
});
