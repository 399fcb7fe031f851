import { z } from 'zod';
import type { Completion, ToolCall, Usage } from '../../domain/chat.ts';

/** What an answer of a chat completions endpoint says. */
export interface ParsedChatCompletion {
  readonly completion: Completion;
  /** `null` where the server reports none. */
  readonly usage: Usage | null;
}

/** Only what is read is checked; servers may add what they like. */
const tokens = z.number().nonnegative();
const toolCall = z.union([
  z
    .object({ function: z.object({ name: z.string(), arguments: z.string() }) })
    .transform(({ function: called }): ToolCall => called),
  z
    .object({ custom: z.object({ name: z.string(), input: z.string() }) })
    .transform(({ custom }): ToolCall => ({ name: custom.name, arguments: custom.input })),
]);
const chatCompletion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(toolCall).nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});

/** Reads the body of an answer, first choice only; `undefined` where it is no chat completion. */
export function parseChatCompletion(body: unknown): ParsedChatCompletion | undefined {
  const parsed = chatCompletion.safeParse(body);
  const choice = parsed.data?.choices[0];
  if (choice === undefined) return undefined;
  const usage = parsed.data?.usage ?? null;
  return {
    completion: {
      text: choice.message.content ?? '',
      toolCalls: choice.message.tool_calls ?? [],
      finishReason: choice.finish_reason ?? null,
      refusal: choice.message.refusal ?? null,
    },
    usage:
      usage === null ? null : { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
  };
}
