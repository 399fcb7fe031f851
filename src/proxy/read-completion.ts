import type { Completion, ToolCall, Usage } from '../domain/chat.ts';
import { isRecord } from './is-record.ts';

/** What a chat response says of itself. Everything may be missing. */
export interface CompletionFacts {
  readonly id: string | null;
  readonly model: string | null;
  readonly usage: Usage | null;
  /** Of the first choice; `null` where there is none. */
  readonly completion: Completion | null;
}

/** Nothing is known. */
export const noFacts: CompletionFacts = { id: null, model: null, usage: null, completion: null };

/** Reads a whole chat response, in one piece or as a stream of events. Never throws: what cannot be read is missing. */
export function readCompletion(body: string, contentType: string | undefined): CompletionFacts {
  const isStream = contentType?.toLowerCase().startsWith('text/event-stream') === true;
  const parts = isStream ? eventsOf(body) : [parse(body)];
  return parts.filter(isRecord).reduce<CompletionFacts>(addPart, noFacts);
}

function eventsOf(body: string): readonly unknown[] {
  const lines = body.split('\n');
  return lines
    .filter((line) => line.startsWith('data:') && !line.startsWith('data: [DONE]'))
    .map((line) => parse(line.slice(5)));
}

/** A whole response is taken for a stream of one part, whose `message` is a `delta` that says everything. */
function addPart(facts: CompletionFacts, part: Readonly<Record<string, unknown>>): CompletionFacts {
  const choices: readonly unknown[] = Array.isArray(part['choices']) ? part['choices'] : [];
  const choice = choices.find((other) => isRecord(other) && (other['index'] ?? 0) === 0);
  return {
    id: facts.id ?? textOrNull(part['id']),
    model: facts.model ?? textOrNull(part['model']),
    usage: usageOf(part['usage']) ?? facts.usage,
    completion: isRecord(choice) ? addChoice(facts.completion, choice) : facts.completion,
  };
}

const emptyCompletion: Completion = { text: '', toolCalls: [], finishReason: null, refusal: null };

function addChoice(before: Completion | null, choice: Readonly<Record<string, unknown>>): Completion {
  const so = before ?? emptyCompletion;
  const said = choice['delta'] ?? choice['message'];
  const delta = isRecord(said) ? said : {};
  const refusal = textOrNull(delta['refusal']);
  const calls: readonly unknown[] = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : [];
  return {
    text: so.text + (textOrNull(delta['content']) ?? ''),
    toolCalls: calls.length === 0 ? so.toolCalls : addCalls(so.toolCalls, calls),
    finishReason: textOrNull(choice['finish_reason']) ?? so.finishReason,
    refusal: refusal === null ? so.refusal : (so.refusal ?? '') + refusal,
  };
}

/** Pieces of tool calls name the call that they belong to by `index`; whole ones stand in order. */
function addCalls(before: readonly ToolCall[], pieces: readonly unknown[]): readonly ToolCall[] {
  const calls = [...before];
  for (const [position, piece] of pieces.entries()) {
    const definition = isRecord(piece) ? piece['function'] : undefined;
    if (!isRecord(piece) || !isRecord(definition)) continue;
    const index = typeof piece['index'] === 'number' ? piece['index'] : position;
    // Calls come one after another, so that an index beyond the next one is malformed.
    if (!Number.isInteger(index) || index < 0 || index > calls.length) continue;
    const known = calls[index] ?? { name: '', arguments: '' };
    calls[index] = {
      name: known.name + (textOrNull(definition['name']) ?? ''),
      arguments: known.arguments + (textOrNull(definition['arguments']) ?? ''),
    };
  }
  return calls;
}

function usageOf(usage: unknown): Usage | null {
  if (!isRecord(usage)) return null;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
  return typeof inputTokens === 'number' && typeof outputTokens === 'number'
    ? { inputTokens, outputTokens }
    : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
