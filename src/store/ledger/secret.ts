import type { Random } from '../../domain/random.ts';

/** A new signing secret: base64url of 32 random bytes. As strong as its randomness. */
export function makeSecret(random: Random): string {
  return Buffer.from(Array.from({ length: 32 }, () => Math.floor(random.next() * 256))).toString('base64url');
}
