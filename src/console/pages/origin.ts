import type { Context } from 'hono';

/**
 * Where a browser reached this server, such as `https://ratchet.example`. TLS may end before it; where several proxies
 * stand in between, the first of them says how the browser came.
 */
export function originOf({ req }: Context): string {
  const { protocol, host } = new URL(req.url);
  const isSecure =
    protocol === 'https:' || /^\s*https\s*(?:,|$)/i.test(req.header('x-forwarded-proto') ?? '');
  return `${isSecure ? 'https' : 'http'}://${req.header('host') ?? host}`;
}
