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

/** What an admin token may be allowed. */
export const adminRoles = ['viewer', 'operator'] as const;

/** The entries of `RATCHET_KEYS`: `id:secret:role+role`, comma-separated; see `parseEntries`. */
export function parseKeys(text: string): readonly KeyText[] {
  return parseEntries(text, keyRoles, 'id:secret:roles, such as web:<secret>:infer+feedback');
}

/** An admin token as the variable has it. */
export interface AdminTokenText {
  readonly id: string;
  readonly secret: string;
  readonly role: string;
}

/** The entries of `RATCHET_ADMIN_TOKENS`: `id:secret:role`, comma-separated; see `parseEntries`. */
export function parseAdminTokens(text: string): readonly AdminTokenText[] {
  const form = 'id:secret:role, such as ada:<secret>:operator';
  return parseEntries(text, adminRoles, form).map(({ roles: [role = '', ...more], ...entry }, index) => {
    if (more.length > 0) throw new RangeError(`entry ${index + 1}: expected one role`);
    return { ...entry, role };
  });
}

/** The secret may contain colons. Throws a RangeError that names an entry by its position, never by its content. */
function parseEntries(text: string, known: readonly string[], form: string): readonly KeyText[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index) => {
      const first = entry.indexOf(':');
      const last = entry.lastIndexOf(':');
      if (first <= 0 || last === first) throw new RangeError(`entry ${index + 1}: expected ${form}`);
      const roles = entry.slice(last + 1).split('+');
      const unknown = roles.find((role) => !known.includes(role));
      // What follows the last colon may be the end of a secret whose roles were forgotten, so it is not repeated.
      if (unknown !== undefined)
        throw new RangeError(
          `entry ${index + 1}: expected roles out of ${known.join(', ')}, joined by +${nearRole(unknown, known)}`,
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
      feedbackPerMinute: limits.feedback_per_minute ?? null,
    },
  };
}

function nearRole(role: string, known: readonly string[]): string {
  const hint = suggestion(role, known);
  return hint.startsWith('; did') ? hint : '';
}
