import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** Host names by which a browser on this machine reaches a loopback address. */
const localHost = /^(localhost|127(?:\.\d+){3}|\[::1\])(:\d+)?$/i;

/**
 * Lets a request pass that carries the admin token as a bearer token. Where no token is set (which only a server on
 * loopback may do) everyone on this machine passes, but only under a local host name: a web page that has its own name
 * resolve to 127.0.0.1 does not.
 */
export function adminGuard(adminToken: string | null): MiddlewareHandler {
  return async (context, next) => {
    if (adminToken === null) {
      const host = context.req.header('host') ?? '';
      if (localHost.test(host)) return next();
      return problem(context, 'forbidden', 'without an admin token only local host names are served');
    }
    const given = /^Bearer\s+(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (given !== undefined && isEqual(given, adminToken)) return next();
    context.header('www-authenticate', 'Bearer realm="ratchet"');
    return problem(
      context,
      'unauthorized',
      'send the admin token: Authorization: Bearer <RATCHET_ADMIN_TOKEN>',
    );
  };
}

/** Compares in time that depends on neither text. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
