import { leadingPromptLength, textOf, type ChatMessage } from './chat.ts';

/** The leading system and developer messages of a chat, as the one text that Ratchet may improve. */
export interface PromptSlot {
  /** Texts of the messages, joined by an empty line; empty where there are none. */
  readonly text: string;
  /** Number of messages that the slot takes up. */
  readonly length: number;
}

/** The prompt slot of a chat; `undefined` where it holds anything but text, which no edit could keep. */
export function promptSlotOf(messages: readonly ChatMessage[]): PromptSlot | undefined {
  const length = leadingPromptLength(messages);
  const slot = messages.slice(0, length);
  if (!slot.every(isText)) return undefined;
  return { text: slot.map(({ content }) => textOf(content)).join('\n\n'), length };
}

/**
 * The chat with another prompt: one message in the place of the leading ones. It keeps the role and all other fields of
 * the first of them, and a list of content parts stays a list, so that markers on a part (such as for caching) survive.
 */
export function withPrompt(messages: readonly ChatMessage[], text: string): readonly ChatMessage[] {
  const length = leadingPromptLength(messages);
  return [promptMessage(length === 0 ? undefined : messages[0], text), ...messages.slice(length)];
}

/** The message that takes the place of the leading ones. */
export function promptMessage(first: ChatMessage | undefined, text: string): ChatMessage {
  if (first === undefined) return { role: 'system', content: text };
  if (first.content === null || first.content === undefined || typeof first.content === 'string')
    return { ...first, content: text };
  return { ...first, content: [{ type: 'text', ...first.content[0], text }] };
}

function isText({ content }: ChatMessage): boolean {
  if (typeof content === 'string') return true;
  return (
    Array.isArray(content) && content.every(({ type, text }) => type === 'text' && typeof text === 'string')
  );
}
