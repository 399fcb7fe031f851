import { hash } from 'node:crypto';
import type { SlotValues } from '../domain/skeleton.ts';
import type { ClientConversation } from './episode-key.ts';

/** Characters kept of a SHA-256 in base64url: 96 bits. */
const hashLength = 16;

/**
 * Names an input: what the agent filled into its prompt, and the conversation behind the prompt, with what upstream
 * keeps of it. Inputs that are equal in these have the same right answer, so that ground truth given for one serves for
 * the other. Parameters, tools and the fixed part of the prompt do not count.
 */
export function inputHash(
  { turns, chain }: Pick<ClientConversation, 'turns' | 'chain'>,
  slots: SlotValues,
): string {
  const values = Object.entries(slots).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const { conversationId, responseId } = chain;
  const kept = conversationId === null && responseId === null ? [] : [conversationId, responseId];
  const text = JSON.stringify([values, turns, ...kept]);
  return hash('sha256', text, 'base64url').slice(0, hashLength);
}
