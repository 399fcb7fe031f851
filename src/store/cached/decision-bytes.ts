import type { Decision } from '../../domain/decision.ts';

/** What a decision takes without its text, bytes. */
const fixedBytes = 1000;

/** What an object, a list or a number takes beside its text, bytes. */
const nodeBytes = 30;

/**
 * Roughly what a decision takes in memory, bytes: its text and a little for each value. It bounds a queue; within a
 * factor of two is enough.
 */
export function decisionBytes({ content }: Pick<Decision, 'content'>): number {
  if (content === null) return fixedBytes;
  let bytes = fixedBytes;
  const left: unknown[] = [content];
  while (left.length > 0) {
    const value = left.pop();
    bytes += nodeBytes;
    if (typeof value === 'string') bytes += value.length;
    else if (Array.isArray(value)) for (const item of value) left.push(item);
    else if (typeof value === 'object' && value !== null)
      for (const item of Object.values(value)) left.push(item);
  }
  return bytes;
}
