import type { Edit } from '../domain/edit.ts';
import type { Trace } from '../domain/trace.ts';
import { inputOf } from './shown-example.ts';

/** Characters that a demonstration takes beside input and answer. */
const frameCharacters = 20;

/**
 * A worked example from a request whose right answer is known; `undefined` for another, one without a text, or one of
 * more than `charactersMax`. Whoever proposes it names the trace in `OptimizerOutput.shown`, so that it is guarded, and
 * never evidence for what quotes it.
 */
export function demonstrationOf(trace: Trace, charactersMax: number): Edit | undefined {
  const input = inputOf(trace).trim();
  const answer = trace.expected?.trim() ?? '';
  if (input === '' || answer === '') return undefined;
  if (input.length + answer.length + frameCharacters > charactersMax) return undefined;
  return { op: 'add-example', text: `Input: ${input}\nAnswer: ${answer}`, intent: 'show a worked example' };
}
