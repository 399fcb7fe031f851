import type { ChatMessage } from '../domain/chat.ts';
import { isRecord } from '../domain/is-record.ts';
import { isContent } from './is-content.ts';
import { readChatAnswer } from './read-chat-answer.ts';
import type { RequestFormat } from './request-format.ts';

/** `POST /chat/completions`. */
export const chatFormat: RequestFormat = {
  apiType: 'chat_completions',
  fields: new Set(['model', 'messages', 'metadata', 'stream', 'stream_options']),
  conversationField: 'messages',
  requestOf: ({ model, messages, ...others }) =>
    typeof model === 'string' && Array.isArray(messages) && messages.every(isMessage)
      ? { ...others, model, messages }
      : undefined,
  readAnswer: readChatAnswer,
  announcedId: () => null,
};

function isMessage(value: unknown): value is ChatMessage {
  return isRecord(value) && typeof value['role'] === 'string' && isContent(value['content']);
}
