import type { Context } from 'hono';

/** Where a browser reached this server, such as `https://ratchet.example`; TLS may end before it. */
export function originOf({ req }: Context): string {
  const { protocol, host } = new URL(req.url);
  const isSecure = protocol === 'https:' || req.header('x-forwarded-proto') === 'https';
  return `${isSecure ? 'https' : 'http'}://${req.header('host') ?? host}`;
}
