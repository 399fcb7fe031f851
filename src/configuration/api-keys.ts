import type { ApiKey } from '../domain/api-key.ts';
import type { KeyEntry } from './entries.ts';
import { suggestion } from './schema-fault.ts';

/** A key as the variable has it. */
export interface KeyText {
  readonly id: string;
  readonly secret: string;
  readonly roles: readonly string[];
}

/** What a key may be allowed. */
export const keyRoles = ['infer', 'feedback', 'trusted'] as const;

/**
 * The entries of `RATCHET_KEYS`: `id:secret:role+role`, comma-separated. The secret may contain colons. Throws a
 * RangeError that names the entry by its position, never by its content.
 */
export function parseKeys(text: string): readonly KeyText[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index) => {
      const first = entry.indexOf(':');
      const last = entry.lastIndexOf(':');
      if (first <= 0 || last === first)
        throw new RangeError(
          `entry ${index + 1}: expected id:secret:roles, such as web:<secret>:infer+feedback`,
        );
      const roles = entry.slice(last + 1).split('+');
      const unknown = roles.find((role) => !keyRoles.some((known) => known === role));
      // What follows the last colon may be the end of a secret whose roles were forgotten, so it is not repeated.
      if (unknown !== undefined)
        throw new RangeError(
          `entry ${index + 1}: expected roles out of ${keyRoles.join(', ')}, joined by +${nearRole(unknown)}`,
        );
      return { id: entry.slice(0, first), secret: entry.slice(first + 1, last), roles };
    });
}

/** The domain's key of a checked entry. */
export function toApiKey({ limits, ...key }: KeyEntry): ApiKey {
  if (limits === undefined) return key;
  return {
    ...key,
    limits: {
      requestsPerMinute: limits.requests_per_minute ?? null,
      requestsPerDay: limits.requests_per_day ?? null,
      tokensPerDay: limits.tokens_per_day ?? null,
      usdPerDay: limits.usd_per_day ?? null,
    },
  };
}

function nearRole(role: string): string {
  const hint = suggestion(role, keyRoles);
  return hint.startsWith('; did') ? hint : '';
}
