import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { textOf, type ChatMessage, type ToolCall } from '../domain/chat.ts';
import { isRecord } from '../domain/is-record.ts';

/** How a conversation begins: what all its turns have in common. */
export interface Opening {
  readonly scope: string;
  /** The client's own prompt, before any variant. */
  readonly prompt: string;
  readonly firstUserText: string;
}

/** What an assistant said first. */
export interface FirstAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
}

/**
 * Names conversations that carry no name of their own, by HMAC-SHA256 over scope, prompt, first user message and first
 * assistant message. Two conversations that begin alike share a name; an agent whose requests always begin with the same
 * example turns should name its episodes instead. `null` for an answer without text and tool calls.
 */
export type ConversationKeys = (opening: Opening, answer: FirstAnswer) => string | null;

/** Keys under a secret, so that a stored key tells nothing about the conversation. */
export function createConversationKeys(secret: string): ConversationKeys {
  const key: KeyObject = createSecretKey(Buffer.from(`conversation\n${secret}`));
  return ({ scope, prompt, firstUserText }, answer) => {
    const said = saidBy(answer);
    if (said === null) return null;
    // One text of all parts that no other parts have.
    const text = JSON.stringify([scope, prompt, firstUserText, said]);
    return `conversation-${createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)}`;
  };
}

/** How the conversation of a request begins; `turns` is what stands behind its prompt. */
export function openingOf(
  turns: readonly ChatMessage[],
  { scope, prompt }: Pick<Opening, 'scope' | 'prompt'>,
): Opening {
  return { scope, prompt, firstUserText: textOf(turns.find(({ role }) => role === 'user')?.content) };
}

/** The first assistant message of a conversation; `undefined` on its first turn. */
export function firstAnswerOf(turns: readonly ChatMessage[]): FirstAnswer | undefined {
  const message = turns.find(({ role }) => role === 'assistant');
  if (message === undefined) return undefined;
  const calls: unknown = message['tool_calls'];
  return {
    text: textOf(message.content),
    toolCalls: Array.isArray(calls) ? calls.map(toolCallOf).filter((call) => call !== undefined) : [],
  };
}

function toolCallOf(call: unknown): ToolCall | undefined {
  const definition = isRecord(call) ? call['function'] : undefined;
  if (!isRecord(definition)) return undefined;
  const { name, arguments: given } = definition;
  return typeof name === 'string' && typeof given === 'string' ? { name, arguments: given } : undefined;
}

/**
 * The answer as it will come back in later turns. Clients may trim the text and write tool arguments anew, and some make
 * up their own ids for tool calls, so none of these count.
 */
function saidBy({ text, toolCalls }: FirstAnswer): string | null {
  const spoken = text.trim();
  if (spoken === '' && toolCalls.length === 0) return null;
  return JSON.stringify([spoken, ...toolCalls.map((call) => [call.name, spellingFree(call.arguments)])]);
}

function spellingFree(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
