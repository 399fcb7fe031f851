import { leadingPromptLength, textOf, type ChatMessage } from '../../domain/chat.ts';

/** The leading system and developer messages of a conversation, as one text. */
export function leadingPrompt(messages: readonly ChatMessage[]): string {
  return messages
    .slice(0, leadingPromptLength(messages))
    .map(({ content }) => textOf(content))
    .join('\n');
}

/** The text of the last user message; empty when there is none. */
export function lastUserText(messages: readonly ChatMessage[]): string {
  return textOf(messages.findLast(({ role }) => role === 'user')?.content);
}
