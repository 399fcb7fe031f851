import { listOf, noFacts, textOrNull, usageOf, type AnswerFacts } from './answer-facts.ts';
import type { Completion, ToolCall } from './chat.ts';
import { isRecord } from './is-record.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Output items by which a response is known again; more make it no better known. */
const itemsMax = 8;

/**
 * What a response object says, in the words of chat completions. One that still works in the background, that failed or
 * was cancelled has no answer.
 */
export function responseFacts(response: unknown): AnswerFacts {
  if (!isRecord(response)) return noFacts;
  const { usage, output, status } = response;
  const items = listOf(output).filter(isRecord);
  const isAnswered = isEnded(status) && Array.isArray(output);
  return {
    id: textOrNull(response['id']),
    model: textOrNull(response['model']),
    usage: isRecord(usage) ? usageOf(usage['input_tokens'], usage['output_tokens']) : null,
    completions: isAnswered ? [outputCompletion(items, finishReasonOf(response, items))] : [],
    ...outputIds(items),
  };
}

/** What the items of an output say, in one completion. */
export function outputCompletion(output: readonly Fields[], finishReason: string | null): Completion {
  const parts = output.flatMap(({ type, content }) =>
    type === 'message' ? listOf(content).filter(isRecord) : [],
  );
  const refusals = parts.filter(({ type }) => type === 'refusal').map(({ refusal }) => textOrNull(refusal));
  return {
    text: parts.map(({ type, text }) => (type === 'output_text' ? (textOrNull(text) ?? '') : '')).join(''),
    toolCalls: output.map(callOf).filter((call) => call !== undefined),
    finishReason,
    refusal: refusals.length === 0 ? null : refusals.join(''),
  };
}

/** The ids of an output's items and of its tool calls. */
export function outputIds(output: readonly Fields[]): Pick<AnswerFacts, 'itemIds' | 'callIds'> {
  const said = output.filter(({ type }) => type !== 'reasoning').slice(0, itemsMax);
  return {
    itemIds: said.flatMap(({ id }) => textOrNull(id) ?? []),
    callIds: said.flatMap(({ call_id: id }) => textOrNull(id) ?? []),
  };
}

/** Some servers tell no status. */
function isEnded(status: unknown): boolean {
  return status === 'completed' || status === 'incomplete' || status === undefined || status === null;
}

function finishReasonOf({ status, incomplete_details: details }: Fields, output: readonly Fields[]): string {
  if (status !== 'incomplete')
    return output.some((item) => callOf(item) !== undefined) ? 'tool_calls' : 'stop';
  return isRecord(details) && details['reason'] === 'content_filter' ? 'content_filter' : 'length';
}

/** Calls of the agent's own tools; those that upstream carries out itself are its affair. */
function callOf({ type, name, arguments: given, input }: Fields): ToolCall | undefined {
  const text = type === 'function_call' ? given : type === 'custom_tool_call' ? input : undefined;
  return typeof name === 'string' && typeof text === 'string' ? { name, arguments: text } : undefined;
}
