/** The part of OpenAI's chat format that Ratchet reads. Fields it does not know pass through untouched. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly [field: string]: unknown;
}

export interface ChatMessage {
  readonly role: string;
  /** Text, a list of content parts, or null beside tool calls. */
  readonly content?: string | readonly ContentPart[] | null;
  readonly [field: string]: unknown;
}

export interface ContentPart {
  readonly type: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

export interface ToolCall {
  readonly name: string;
  /** The arguments as the model wrote them: JSON text that may be malformed. */
  readonly arguments: string;
}

/** One answer of a model, as graders and the learner see it. */
export interface Completion {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** OpenAI's finish reason, `null` when the stream ended without one. */
  readonly finishReason: string | null;
  readonly refusal: string | null;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The text of a message's content: parts of type `text` joined by newlines. */
export function textOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  return content
    .filter((part) => part.type === 'text' && part.text !== undefined)
    .map((part) => part.text)
    .join('\n');
}

/** Number of leading messages with role `system` or `developer`: the prompt slot of a chat request. */
export function leadingPromptLength(messages: readonly ChatMessage[]): number {
  const end = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  return end === -1 ? messages.length : end;
}
