import type { Completion, Usage } from './chat.ts';

/** What an answer says of itself. Everything may be missing. */
export interface AnswerFacts {
  readonly id: string | null;
  readonly model: string | null;
  readonly usage: Usage | null;
  /** The answers, one for each choice that was asked for; the first is the one that is recorded. */
  readonly completions: readonly Completion[];
  /** Ids of the tool calls in the first answer. Clients send them back in later turns. */
  readonly callIds: readonly string[];
  /** Ids of the output items of a response, its thoughts left out. Clients may send them back in later turns. */
  readonly itemIds: readonly string[];
}

/** Nothing is known. */
export const noFacts: AnswerFacts = {
  id: null,
  model: null,
  usage: null,
  completions: [],
  callIds: [],
  itemIds: [],
};

/** A text, or `null` for anything else. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A list, empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Tokens under the names that a format has for them; `null` where either is missing. */
export function usageOf(inputTokens: unknown, outputTokens: unknown): Usage | null {
  return typeof inputTokens === 'number' && typeof outputTokens === 'number'
    ? { inputTokens, outputTokens }
    : null;
}
