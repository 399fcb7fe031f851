import type { Random } from '../domain/random.ts';

/** Random characters that tell processes apart: 36^10 possibilities. */
const prefixLength = 10;

/** Names decisions: a prefix of this process, drawn at random, and a counter. Unique, and cheap on the hot path. */
export function createDecisionNames(random: Random): () => string {
  const prefix = Array.from({ length: prefixLength }, () => Math.floor(random.next() * 36).toString(36)).join(
    '',
  );
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
