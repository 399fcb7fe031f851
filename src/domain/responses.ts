import type { ChatMessage, ContentPart } from './chat.ts';
import { isRecord } from './is-record.ts';

/** The part of OpenAI's responses format that Ratchet reads. Fields it does not know pass through untouched. */
export interface ResponsesRequest {
  readonly model: string;
  /** The system prompt of this response alone: a later one in its chain does not inherit it. */
  readonly instructions?: string | null;
  /** Text of one user message, or a list of items. */
  readonly input?: string | readonly ResponseItem[];
  /** Never there: by it a chat request is told apart. */
  readonly messages?: undefined;
  readonly [field: string]: unknown;
}

/** A message, a tool call, a tool's output, or one of the many other things that an input may hold. */
export interface ResponseItem {
  /** Absent where the item is a message. */
  readonly type?: string | null;
  readonly role?: string;
  readonly content?: string | readonly ContentPart[] | null;
  readonly [field: string]: unknown;
}

/** Kinds of content parts that are text. */
const textTypes: ReadonlySet<string> = new Set(['input_text', 'output_text', 'text']);

/** Whether a content part is text. */
export function isTextPart({ type, text }: ContentPart): boolean {
  return textTypes.has(type) && typeof text === 'string';
}

/** Whether an item is a message. */
export function isMessageItem({ type, role }: ResponseItem): boolean {
  return (type === undefined || type === null || type === 'message') && typeof role === 'string';
}

/** Number of leading system and developer messages of an input. */
export function leadingPromptItems(input: ResponsesRequest['input']): number {
  if (!Array.isArray(input)) return 0;
  const items: readonly ResponseItem[] = input;
  const end = items.findIndex((item) => !isMessageItem(item) || !isPromptRole(item.role));
  return end === -1 ? items.length : end;
}

/**
 * A responses request as the chat that it stands for, prompt included. What an assistant said and called in one answer
 * is one message. Its thoughts are left out; an item without a counterpart stands whole in a message whose role is its
 * type.
 */
export function chatOf({ instructions, input }: ResponsesRequest): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  if (isGiven(instructions)) messages.push({ role: 'system', content: instructions });
  if (typeof input === 'string') messages.push({ role: 'user', content: input });
  else for (const item of input ?? []) addItem(messages, item);
  return messages;
}

/** Whether instructions are there and say anything. */
export function isGiven(instructions: string | null | undefined): instructions is string {
  return typeof instructions === 'string' && instructions !== '';
}

function isPromptRole(role: string | undefined): boolean {
  return role === 'system' || role === 'developer';
}

function addItem(messages: ChatMessage[], item: ResponseItem): void {
  if (isMessageItem(item)) {
    if (item.role === 'assistant') addAnswer(messages, { text: spokenText(item.content) });
    else messages.push({ role: item.role ?? 'user', content: chatContent(item.content) });
    return;
  }
  const { type, call_id: callId, name } = item;
  switch (type) {
    case 'function_call':
    case 'custom_tool_call':
      addAnswer(messages, {
        call: {
          id: callId,
          type: 'function',
          function: { name, arguments: item['arguments'] ?? item['input'] },
        },
      });
      return;
    case 'function_call_output':
    case 'custom_tool_call_output':
      messages.push({ role: 'tool', tool_call_id: callId, content: outputContent(item['output']) });
      return;
    case 'reasoning':
      return;
    case undefined:
    case null:
    case 'item_reference':
      messages.push({ role: 'assistant', content: null, item_reference: item['id'] });
      return;
    default:
      messages.push({ role: type, content: null, item });
  }
}

interface AnswerPiece {
  readonly text?: string;
  readonly call?: object;
}

/** Adds to the answer that the messages end with, or begins one. */
function addAnswer(messages: ChatMessage[], { text, call }: AnswerPiece): void {
  const last = messages.at(-1);
  const isOpen = last?.role === 'assistant' && last['item_reference'] === undefined;
  const before: ChatMessage = isOpen ? last : { role: 'assistant', content: null };
  const spoken = typeof before.content === 'string' ? before.content : null;
  const calls: readonly unknown[] = Array.isArray(before['tool_calls']) ? before['tool_calls'] : [];
  if (isOpen) messages.pop();
  messages.push({
    ...before,
    content: text === undefined ? spoken : (spoken ?? '') + text,
    ...(call === undefined ? {} : { tool_calls: [...calls, call] }),
  });
}

function spokenText(content: ResponseItem['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (isTextPart(part) ? part.text : '')).join('');
}

function chatContent(content: ResponseItem['content']): string | readonly ContentPart[] | null {
  if (typeof content === 'string' || content === null || content === undefined) return content ?? null;
  return content.map((part) => (isTextPart(part) ? { ...part, type: 'text' } : part));
}

function outputContent(output: unknown): string | readonly ContentPart[] | null {
  if (typeof output === 'string') return output;
  return Array.isArray(output) && output.every(isPart) ? chatContent(output) : JSON.stringify(output ?? null);
}

function isPart(value: unknown): value is ContentPart {
  return isRecord(value) && typeof value['type'] === 'string';
}
