import { conversationOf } from '../domain/agent-request.ts';
import { textOf } from '../domain/chat.ts';
import type { Trace } from '../domain/trace.ts';

/** A trace as an optimizer model sees it. */
export interface ShownExample {
  /** The last user message. */
  readonly input: string;
  /** What the assistant answered, tool calls as JSON. */
  readonly output: string;
  readonly reward?: number;
  /** Ground truth. */
  readonly expected?: string;
  readonly comment?: string;
}

/** Characters of each text that is shown; the middle of a longer one is left out. */
const inputCharactersMax = 3_000;
const outputCharactersMax = 1_500;
const explanationCharactersMax = 500;

/** Newest comments of one trace that are shown. */
const commentsMax = 3;

/** What is shown of a trace; rewards are rounded to hundredths. */
export function shownExample(trace: Trace): ShownExample {
  const { reward, expected, comments } = trace;
  const comment = comments.slice(-commentsMax).join('\n');
  return {
    input: clip(inputOf(trace), inputCharactersMax),
    output: clip(outputOf(trace), outputCharactersMax),
    ...(reward === null ? {} : { reward: Math.round(reward * 100) / 100 }),
    ...(expected === null ? {} : { expected: clip(expected, explanationCharactersMax) }),
    ...(comment === '' ? {} : { comment: clip(comment, explanationCharactersMax) }),
  };
}

/** The text of a trace's last user message; empty where there is none. */
export function inputOf({ decision }: Trace): string {
  if (decision.content === null) return '';
  return textOf(conversationOf(decision.content.request).findLast(({ role }) => role === 'user')?.content);
}

function outputOf({ decision }: Trace): string {
  const completion = decision.content?.completion;
  if (completion === undefined) return '';
  const { text, refusal, toolCalls } = completion;
  const said = text === '' ? (refusal ?? '') : text;
  return toolCalls.length === 0 ? said : JSON.stringify({ text: said, tool_calls: toolCalls });
}

/** Shortens a text to two thirds of the allowed length from its beginning, one third from its end, and a mark between. */
export function clip(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const head = Math.ceil((charactersMax * 2) / 3);
  const tail = charactersMax - head;
  const left = text.length - charactersMax;
  return `${text.slice(0, head)} […${left} characters left out…] ${text.slice(text.length - tail)}`.toWellFormed();
}
