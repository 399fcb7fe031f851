import { leadingPromptLength, type ChatRequest } from '../domain/chat.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { SlotValues } from '../domain/skeleton.ts';

/**
 * Names an input: what the agent filled into its prompt, and the conversation behind the prompt. Inputs that are equal in
 * both have the same right answer, so that ground truth given for one serves for the other. Parameters, tools and the
 * fixed part of the prompt do not count.
 */
export function inputHash({ messages }: Pick<ChatRequest, 'messages'>, slots: SlotValues): string {
  const values = Object.entries(slots).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return contentHash(JSON.stringify(values), JSON.stringify(messages.slice(leadingPromptLength(messages))));
}
