import { createHash, timingSafeEqual } from 'node:crypto';
import type { AdminToken } from '../domain/admin-token.ts';

/** The token that a text is, compared with every token, in time that depends on none of them. */
export function tokenOf(given: string, tokens: readonly AdminToken[]): AdminToken | undefined {
  let found: AdminToken | undefined;
  for (const token of tokens) if (timingSafeEqual(digest(given), digest(token.secret))) found = token;
  return found;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
