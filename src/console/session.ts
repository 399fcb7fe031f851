import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AdminToken } from '../domain/admin-token.ts';
import type { Clock } from '../domain/clock.ts';
import type { Actor } from './actor.ts';

/**
 * Name of the cookie that carries a session of the server at `host`, such as `127.0.0.1:8787`. Browsers keep the cookies
 * of all ports of a host together, so the port is in it.
 */
export function sessionCookieAt(host: string | undefined): string {
  const port = /:(\d+)$/.exec(host ?? '')?.[1];
  return port === undefined ? 'ratchet_session' : `ratchet_session_${port}`;
}

/** How long a session lasts, milliseconds: a working day. */
export const sessionMs: number = 12 * 60 * 60 * 1000;

/**
 * What a browser is given for an admin token: who it is and until when, signed by a key made of the token. Nothing is
 * kept here, so every replica knows it, and a token that is changed or taken away ends its sessions.
 */
export function issueSession({ id, secret }: AdminToken, clock: Clock): string {
  const payload = Buffer.from(JSON.stringify({ id, untilMs: clock.now() + sessionMs })).toString('base64url');
  return `${payload}.${signature(payload, secret)}`;
}

/** Whose session it is; `undefined` where it has ended or was not issued here. */
export function readSession(session: string, tokens: readonly AdminToken[], clock: Clock): Actor | undefined {
  const [payload = '', signed = ''] = session.split('.');
  const claimed = claimOf(payload);
  const token = tokens.find(({ id }) => id === claimed?.id);
  if (claimed === undefined || token === undefined || claimed.untilMs <= clock.now()) return undefined;
  const expected = Buffer.from(signature(payload, token.secret));
  const given = Buffer.from(signed);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return { id: token.id, role: token.role };
}

function signature(payload: string, secret: string): string {
  const key = createHmac('sha256', secret).update('ratchet console session').digest();
  return createHmac('sha256', key).update(payload).digest('base64url');
}

/** What a payload says, before anything is known of its signature. */
function claimOf(payload: string): { readonly id: string; readonly untilMs: number } | undefined {
  try {
    const claim: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (typeof claim !== 'object' || claim === null || !('id' in claim) || !('untilMs' in claim))
      return undefined;
    const { id, untilMs } = claim;
    return typeof id === 'string' && typeof untilMs === 'number' ? { id, untilMs } : undefined;
  } catch {
    return undefined;
  }
}
