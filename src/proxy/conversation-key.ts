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
 * assistant message. Conversations that begin alike share a name. `null` for an answer without text and tool calls.
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

/** How a conversation begins; `turns` is what stands between its prompt and its first answer. */
export function openingOf(
  turns: readonly ChatMessage[],
  { scope, prompt }: Pick<Opening, 'scope' | 'prompt'>,
): Opening {
  return { scope, prompt, firstUserText: textOf(turns.find(({ role }) => role === 'user')?.content) };
}

/** Place of the first assistant message of a conversation; `undefined` on its first turn. */
export function firstAnswerIndex(turns: readonly ChatMessage[]): number | undefined {
  const index = turns.findIndex(({ role }) => role === 'assistant');
  return index === -1 ? undefined : index;
}

/** What an assistant message says and calls. */
export function answerIn(message: ChatMessage): FirstAnswer {
  const { content, tool_calls: calls, function_call: call } = message;
  const made: readonly unknown[] = Array.isArray(calls) ? calls : isRecord(call) ? [{ function: call }] : [];
  return { text: textOf(content), toolCalls: made.map(toolCallOf).filter((each) => each !== undefined) };
}

/** Ids of the tool calls in an assistant message. */
export function callIdsIn({ tool_calls: calls }: ChatMessage): readonly string[] {
  const made: readonly unknown[] = Array.isArray(calls) ? calls : [];
  return made.flatMap((call) => (isRecord(call) && typeof call['id'] === 'string' ? call['id'] : []));
}

function toolCallOf(call: unknown): ToolCall | undefined {
  const definition = isRecord(call) ? (call['function'] ?? call['custom']) : undefined;
  if (!isRecord(definition)) return undefined;
  const { name, arguments: given = definition['input'] } = definition;
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
