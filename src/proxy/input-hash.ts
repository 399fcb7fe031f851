import { hash } from 'node:crypto';
import type { ChatMessage } from '../domain/chat.ts';
import type { SlotValues } from '../domain/skeleton.ts';

/** Characters kept of a SHA-256 in base64url: 96 bits. */
const hashLength = 16;

/**
 * Names an input: what the agent filled into its prompt, and the conversation behind the prompt, its `turns`. Inputs that
 * are equal in both have the same right answer, so that ground truth given for one serves for the other. Parameters, tools and the
 * fixed part of the prompt do not count.
 */
export function inputHash(turns: readonly ChatMessage[], slots: SlotValues): string {
  const values = Object.entries(slots).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([values, turns]), 'base64url').slice(0, hashLength);
}
