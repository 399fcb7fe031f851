import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { AdminToken } from '../domain/admin-token.ts';
import type { Clock } from '../domain/clock.ts';
import type { Actor, ConsoleEnv } from './actor.ts';
import { problem } from './problem.ts';
import { tokenOf } from './admin-token.ts';
import { readSession, sessionCookieAt } from './session.ts';

/** Host names by which a browser on this machine reaches a loopback address. */
const localHost = /^(localhost|127(?:\.\d+){3}|\[::1\])(:\d+)?$/i;

/** Who may do everything on this machine, where no token is set. */
const localActor: Actor = { id: 'local', role: 'operator' };

/** Who asks, or why nobody is answered. */
export type Asker =
  | { readonly kind: 'known'; readonly actor: Actor }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'forbidden'; readonly reason: string };

/** By what a server knows who asks. */
export interface Admission {
  readonly tokens: readonly AdminToken[];
  readonly clock: Clock;
}

/**
 * Lets a request pass that carries an admin token as a bearer token, or the session of a browser that has signed in, and
 * notes whose it is. See `askerOf`.
 */
export function adminGuard(admission: Admission): MiddlewareHandler<ConsoleEnv> {
  return async (context, next) => {
    const asker = isForeign(context) ? foreign : askerOf(context, admission);
    if (asker.kind === 'known') {
      context.set('actor', asker.actor);
      return next();
    }
    if (asker.kind === 'forbidden') return problem(context, 'forbidden', asker.reason);
    context.header('www-authenticate', 'Bearer realm="ratchet"');
    return problem(
      context,
      'unauthorized',
      'send an admin token: Authorization: Bearer <RATCHET_ADMIN_TOKEN>',
    );
  };
}

/** What a request gets that a page of another origin had a browser send. */
export const foreign: Asker & { readonly kind: 'forbidden' } = {
  kind: 'forbidden',
  reason: 'pages of other origins are not served',
};

/**
 * Who asks. Where no token is set (which only a server on loopback may do) everyone on this machine is an operator, but
 * only under a local host name: a web page that has its own name resolve to 127.0.0.1 is not served. The session of a
 * browser changes something only where the browser says that the request comes from a page of ours.
 */
export function askerOf(context: Context, { tokens, clock }: Admission): Asker {
  if (tokens.length === 0)
    return localHost.test(context.req.header('host') ?? '')
      ? { kind: 'known', actor: localActor }
      : { kind: 'forbidden', reason: 'without an admin token only local host names are served' };
  const bearer = /^Bearer\s+(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    const token = tokenOf(bearer, tokens);
    return token === undefined
      ? { kind: 'unknown' }
      : { kind: 'known', actor: { id: token.id, role: token.role } };
  }
  const cookie = getCookie(context, sessionCookieAt(context.req.header('host')));
  const actor = readSession(cookie ?? '', tokens, clock);
  if (actor === undefined) return { kind: 'unknown' };
  return isReading(context) || isOwnPage(context) ? { kind: 'known', actor } : foreign;
}

/** Whether a browser says that the request comes from a page that is not ours. */
export function isForeign(context: Context): boolean {
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site');
  const isOtherSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  return isOtherSite || (origin !== undefined && hostOf(origin) !== context.req.header('host'));
}

/** Whether nothing can be changed by a request. */
export function isReading({ req }: Context): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}

/** Whether a browser says that the request comes from a page of ours. */
function isOwnPage({ req }: Context): boolean {
  const origin = req.header('origin');
  return origin === undefined
    ? req.header('sec-fetch-site') === 'same-origin'
    : hostOf(origin) === req.header('host');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
