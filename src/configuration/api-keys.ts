import { suggestion } from './schema-fault.ts';

/** A key as `ratchet.yaml` has it. */
export interface KeyEntry {
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
export function parseKeys(text: string): readonly KeyEntry[] {
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

function nearRole(role: string): string {
  const hint = suggestion(role, keyRoles);
  return hint.startsWith('; did') ? hint : '';
}
