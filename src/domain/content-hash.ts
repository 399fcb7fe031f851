import { createHash } from 'node:crypto';

/**
 * A name for a piece of content: the first 96 bits of its SHA-256, in base64url (16 characters).
 * Parts are length-prefixed, so that no two lists of parts share a name by concatenation.
 */
export function contentHash(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('base64url').slice(0, 16);
}
