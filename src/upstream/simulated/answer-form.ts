import type { Completion } from '../../domain/chat.ts';
import { foldText } from './phrases.ts';
import type { OutputForm } from './world.ts';

/** Name of the function that an agent with tool output offers. */
export const answerToolName = 'answer';

/**
 * A completion that carries an answer: as text, as JSON `{"answer": …}`, or as a call of the function `answer` with
 * such arguments. A malformed one lacks its last brace, so that a parser refuses it while a person can still read the
 * answer; text cannot be malformed.
 */
export function writeAnswer(answer: string, form: OutputForm, isMalformed: boolean): Completion {
  const json = JSON.stringify({ answer });
  const written = isMalformed ? json.slice(0, -1) : json;
  switch (form) {
    case 'text':
      return { text: answer, toolCalls: [], finishReason: 'stop', refusal: null };
    case 'json':
      return { text: written, toolCalls: [], finishReason: 'stop', refusal: null };
    case 'tool':
      return {
        text: '',
        toolCalls: [{ name: answerToolName, arguments: written }],
        finishReason: 'tool_calls',
        refusal: null,
      };
  }
}

/** What a right answer looks like to someone who compares outputs: what the agent would have to write. */
export function expectedOutput(answer: string, form: OutputForm): string {
  return form === 'text' ? answer : JSON.stringify({ answer });
}

/** The text of a completion that holds its answer. */
export function answerTextOf(completion: Completion): string {
  return completion.toolCalls[0]?.arguments ?? completion.text;
}

/**
 * Whether an output gives this answer, case and white space folded: as text, in the field `answer` of JSON, be it
 * malformed, or of JSON that is quoted inside other JSON.
 */
export function givesAnswer(output: string, answer: string): boolean {
  const wanted = foldText(answer);
  if (foldText(output) === wanted) return true;
  const field = answerField(output) ?? answerField(output.replaceAll(/\\(["\\])/g, '$1'));
  return field !== undefined && foldText(field) === wanted;
}

function answerField(output: string): string | undefined {
  const quoted = /"answer"\s*:\s*("(?:[^"\\]|\\.)*")/s.exec(output)?.[1];
  if (quoted === undefined) return undefined;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}
