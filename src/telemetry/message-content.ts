import type { Attributes } from '@opentelemetry/api';
import { genAi } from './names.ts';

/**
 * Prompt and answer as the JSON text of the conventions' message lists. `input` is the JSON of a list of chat messages
 * or plain text, which then is one message of the user.
 */
export function messageAttributes(
  content: { readonly input: string; readonly output: string },
  finishReason: string | null,
): Attributes {
  const answer = {
    role: 'assistant',
    parts: [textPart(content.output)],
    finish_reason: finishReason ?? 'unknown',
  };
  return {
    [genAi.inputMessages]: JSON.stringify(inputMessages(content.input)),
    [genAi.outputMessages]: JSON.stringify([answer]),
  };
}

function inputMessages(input: string): readonly object[] {
  const messages = parseList(input);
  if (messages === undefined) return [{ role: 'user', parts: [textPart(input)] }];
  return messages.map((message) => ({
    role: roleOf(message),
    parts: [textPart(contentOf(message))],
  }));
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function roleOf(message: unknown): string {
  return isRecord(message) && typeof message['role'] === 'string' ? message['role'] : 'user';
}

/** The content as text; lists of parts, tool calls and whatever else came stay JSON. */
function contentOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (!isRecord(message)) return JSON.stringify(message);
  const { content } = message;
  return typeof content === 'string' ? content : JSON.stringify(content ?? message['tool_calls'] ?? null);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textPart(content: string): { readonly type: 'text'; readonly content: string } {
  return { type: 'text', content };
}
