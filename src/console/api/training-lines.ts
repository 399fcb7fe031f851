import { conversationOf } from '../../domain/agent-request.ts';
import type { ChatMessage, Completion } from '../../domain/chat.ts';
import type { DecisionContent } from '../../domain/decision.ts';

/** Roles that files for fine-tuning know. */
const roles: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'tool']);

/** What an agent asked, as files for fine-tuning have it: with its own prompt, not a variant's. */
export interface TrainingInput {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly unknown[] | null;
}

/** `null` where the conversation holds what such files have no place for. */
export function trainingInput({ request }: Pick<DecisionContent, 'request'>): TrainingInput | null {
  const messages = conversationOf(request);
  if (messages.length === 0 || !messages.every(({ role }) => roles.has(role))) return null;
  const tools: unknown = request['tools'];
  return { messages, tools: Array.isArray(tools) && tools.length > 0 ? tools : null };
}

/** An answer as a message; `null` for one that says nothing, was cut off, or was a refusal. */
export function trainingAnswer({ text, toolCalls, finishReason, refusal }: Completion): ChatMessage | null {
  const isWhole = finishReason === 'stop' || finishReason === 'tool_calls' || finishReason === null;
  if (!isWhole || refusal !== null || (text === '' && toolCalls.length === 0)) return null;
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(toolCalls.length === 0
      ? {}
      : {
          tool_calls: toolCalls.map(({ name, arguments: given }, index) => ({
            id: `call_${index + 1}`,
            type: 'function',
            function: { name, arguments: given },
          })),
        }),
  };
}

/** An answer to imitate, in the format of chat fine-tuning. */
export function exampleLine(
  { messages, tools }: TrainingInput,
  answer: ChatMessage,
): Readonly<Record<string, unknown>> {
  return { messages: [...messages, answer], ...(tools === null ? {} : { tools }) };
}

/** Two answers of which one is better. */
export interface Preference {
  readonly input: TrainingInput;
  readonly chosen: ChatMessage;
  readonly rejected: ChatMessage;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A preference in OpenAI's format for direct preference optimisation, or in the conversational one of TRL. */
export function preferenceLine(
  { input: { messages, tools }, chosen, rejected, metadata }: Preference,
  format: 'openai' | 'trl',
): Readonly<Record<string, unknown>> {
  const offered = tools === null ? {} : { tools };
  return format === 'openai'
    ? {
        input: { messages, ...offered },
        preferred_output: [chosen],
        non_preferred_output: [rejected],
      }
    : { prompt: messages, chosen: [chosen], rejected: [rejected], ...offered, metadata };
}
