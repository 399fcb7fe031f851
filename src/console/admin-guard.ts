import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { AdminToken } from '../domain/admin-token.ts';
import type { Actor, ConsoleEnv } from './actor.ts';
import { problem } from './problem.ts';

/** Host names by which a browser on this machine reaches a loopback address. */
const localHost = /^(localhost|127(?:\.\d+){3}|\[::1\])(:\d+)?$/i;

/** Who may do everything on this machine, where no token is set. */
const localActor: Actor = { id: 'local', role: 'operator' };

/**
 * Lets a request pass that carries an admin token as a bearer token, and notes whose it is. Where no token is set (which
 * only a server on loopback may do) everyone on this machine passes as an operator, but only under a local host name: a
 * web page that has its own name resolve to 127.0.0.1 does not. Nothing is ever asked of cookies, and what a page of
 * another origin has a browser send is refused, token or not.
 */
export function adminGuard(tokens: readonly AdminToken[]): MiddlewareHandler<ConsoleEnv> {
  return async (context, next) => {
    if (isForeign(context)) return problem(context, 'forbidden', 'pages of other origins are not served');
    if (tokens.length === 0) {
      if (!localHost.test(context.req.header('host') ?? ''))
        return problem(context, 'forbidden', 'without an admin token only local host names are served');
      context.set('actor', localActor);
      return next();
    }
    const given = /^Bearer\s+(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    const actor = given === undefined ? undefined : actorOf(given, tokens);
    if (actor !== undefined) {
      context.set('actor', actor);
      return next();
    }
    context.header('www-authenticate', 'Bearer realm="ratchet"');
    return problem(
      context,
      'unauthorized',
      'send an admin token: Authorization: Bearer <RATCHET_ADMIN_TOKEN>',
    );
  };
}

/** Whether a browser says that the request comes from a page that is not ours. */
function isForeign(context: Context): boolean {
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site');
  const isOtherSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  return isOtherSite || (origin !== undefined && hostOf(origin) !== context.req.header('host'));
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Compares with every token, in time that depends on none of them. */
function actorOf(given: string, tokens: readonly AdminToken[]): Actor | undefined {
  let found: Actor | undefined;
  for (const { id, secret, role } of tokens) if (isEqual(given, secret)) found = { id, role };
  return found;
}

/** Compares in time that depends on neither text. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
