import { isContractComment } from '../domain/contract.ts';
import type { Trace } from '../domain/trace.ts';
import type { Ask, Suggestion } from './optimizer.ts';

/** Share of the recorded answers with a broken contract from which on form comes first. */
const brokenShareMin = 0.05;

/**
 * Asks for edits that mend the form of answers first, where answers break their contract often enough: each question says
 * so and shows one of them, and suggestions that speak of form stand before the others. Elsewhere nothing is changed.
 * An answer that no program can read is worth nothing whatever it says, and form is what a prompt mends most easily.
 */
export function formatFirst(ask: Ask, traces: readonly Trace[]): Ask {
  const broken = traces.filter(({ comments }) => comments.some(isContractComment));
  const [newest] = broken;
  if (newest === undefined || broken.length < brokenShareMin * traces.length) return ask;
  return async (question) => {
    const isShown = question.examples.some((trace) => broken.includes(trace));
    const suggestions = await ask({
      ...question,
      instruction: `${question.instruction} ${formNote}`,
      examples:
        isShown || question.examples.length === 0 ? question.examples : [...question.examples, newest],
    });
    return suggestions.toSorted((one, other) => Number(isOfForm(other)) - Number(isOfForm(one)));
  };
}

const formNote =
  'Some answers break the form that a program expects of them; the comments on these begin with "contract:" and name ' +
  'what was wrong. Deal with that first: let the first proposals make every answer keep its form.';

/** Whether a suggestion speaks of the form of answers. */
function isOfForm({ intent, edits }: Suggestion): boolean {
  return [intent, ...edits.map((edit) => ('text' in edit ? edit.text : ''))].some((text) => form.test(text));
}

const form =
  /\b(?:json|schema|format|fields?|keys?|braces|brackets|quotes|markdown|code (?:block|fence)s?|arguments?|tool calls?|integers?|enum|required|nothing else|no other text|only the)\b/i;
