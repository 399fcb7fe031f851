import { listOf, textOrNull, usageOf, type AnswerFacts } from '../domain/answer-facts.ts';
import type { Completion, ToolCall } from '../domain/chat.ts';
import { isRecord } from '../domain/is-record.ts';
import { answerParts } from './answer-events.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a chat completion. A whole one is taken for a stream of one part, whose `message` is a `delta` that says
 * everything.
 */
export function readChatAnswer(body: string, contentType: string | undefined): AnswerFacts {
  let facts = { id: textOrNull(null), model: textOrNull(null), usage: usageOf(null, null) };
  const choices = new Map<number, Completion>();
  const callIds: string[] = [];
  for (const part of answerParts(body, contentType)) {
    if (!isRecord(part)) continue;
    const usage = isRecord(part['usage']) ? part['usage'] : {};
    facts = {
      id: facts.id ?? textOrNull(part['id']),
      model: facts.model ?? textOrNull(part['model']),
      usage: usageOf(usage['prompt_tokens'], usage['completion_tokens']) ?? facts.usage,
    };
    for (const choice of listOf(part['choices']).filter(isRecord)) {
      const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
      const said = choice['delta'] ?? choice['message'];
      const delta = isRecord(said) ? said : {};
      choices.set(index, addDelta(choices.get(index) ?? emptyCompletion, delta, choice['finish_reason']));
      if (index === 0) callIds.push(...idsOf(delta));
    }
  }
  const inOrder = [...choices].toSorted(([one], [other]) => one - other);
  return { ...facts, completions: inOrder.map(([, completion]) => completion), callIds, itemIds: [] };
}

const emptyCompletion: Completion = { text: '', toolCalls: [], finishReason: null, refusal: null };

function addDelta(before: Completion, delta: Fields, finishReason: unknown): Completion {
  const refusal = textOrNull(delta['refusal']);
  // Before there were tools, a message could call one function.
  const calls = isRecord(delta['function_call'])
    ? [{ index: 0, function: delta['function_call'] }]
    : listOf(delta['tool_calls']);
  return {
    text: before.text + (textOrNull(delta['content']) ?? ''),
    toolCalls: calls.length === 0 ? before.toolCalls : addCalls(before.toolCalls, calls),
    finishReason: textOrNull(finishReason) ?? before.finishReason,
    refusal: refusal === null ? before.refusal : (before.refusal ?? '') + refusal,
  };
}

/** Pieces of tool calls name the call that they belong to by `index`; whole ones stand in order. */
function addCalls(before: readonly ToolCall[], pieces: readonly unknown[]): readonly ToolCall[] {
  const calls = [...before];
  for (const [position, piece] of pieces.entries()) {
    const definition = isRecord(piece) ? (piece['function'] ?? piece['custom']) : undefined;
    if (!isRecord(piece) || !isRecord(definition)) continue;
    const index = typeof piece['index'] === 'number' ? piece['index'] : position;
    // Calls come one after another, so that an index beyond the next one is malformed.
    if (!Number.isInteger(index) || index < 0 || index > calls.length) continue;
    const known = calls[index] ?? { name: '', arguments: '' };
    calls[index] = {
      name: known.name + (textOrNull(definition['name']) ?? ''),
      arguments: known.arguments + (textOrNull(definition['arguments'] ?? definition['input']) ?? ''),
    };
  }
  return calls;
}

function idsOf(delta: Fields): readonly string[] {
  return listOf(delta['tool_calls']).flatMap((call) =>
    isRecord(call) ? (textOrNull(call['id']) ?? []) : [],
  );
}
