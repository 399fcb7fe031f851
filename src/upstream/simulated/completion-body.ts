import type { Completion, Usage } from '../../domain/chat.ts';

/** One completion as it goes over the wire. */
export interface WireCompletion {
  readonly id: string;
  /** Seconds since the Unix epoch. */
  readonly created: number;
  readonly model: string;
  readonly completion: Completion;
  readonly usage: Usage;
}

/** The body of a `chat.completion`. */
export function completionBody({ id, created, model, completion, usage }: WireCompletion): object {
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: contentOf(completion),
          refusal: completion.refusal,
          ...(completion.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(id, completion) }),
        },
        logprobs: null,
        finish_reason: completion.finishReason,
      },
    ],
    usage: usageOf(usage),
  };
}

/** The `chat.completion.chunk` objects of a stream: the role, the content word by word, the end, usage if asked for. */
export function completionChunks(
  { id, created, model, completion, usage }: WireCompletion,
  isUsageIncluded: boolean,
): readonly object[] {
  const head = { id, object: 'chat.completion.chunk', created, model };
  // With `include_usage` every chunk but the last one has an empty usage.
  const tail = isUsageIncluded ? { usage: null } : {};
  const chunk = (delta: object, finishReason: string | null): object => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...tail,
  });
  const words = completion.text.match(/\s*\S+\s*/g) ?? [];
  return [
    chunk({ role: 'assistant', content: completion.toolCalls.length === 0 ? '' : null }, null),
    ...words.map((content) => chunk({ content }, null)),
    ...toolCallsOf(id, completion).flatMap((call, index) => [
      chunk({ tool_calls: [{ ...call, index, function: { ...call.function, arguments: '' } }] }, null),
      chunk({ tool_calls: [{ index, function: { arguments: call.function.arguments } }] }, null),
    ]),
    chunk({}, completion.finishReason),
    ...(isUsageIncluded ? [{ ...head, choices: [], usage: usageOf(usage) }] : []),
  ];
}

interface WireToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

function toolCallsOf(id: string, { toolCalls }: Completion): readonly WireToolCall[] {
  return toolCalls.map((call, index) => ({
    id: `${id.replace('chatcmpl', 'call')}-${index}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
}

function contentOf({ text, toolCalls }: Completion): string | null {
  return text === '' && toolCalls.length > 0 ? null : text;
}

function usageOf({ inputTokens, outputTokens }: Usage): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}
