import { matchSkeleton } from '../../domain/match-skeleton.ts';
import { fillSkeleton, type Skeleton } from '../../domain/skeleton.ts';
import { parsePrompt, type SlotChoices } from './slots.ts';
import type { TokenCount } from './token-count.ts';

/** Characters before a slot that tell where it stands. */
const contextLengthMax = 40;

/**
 * How many tokens a prompt is longer than the agent's own prompt would have been in the same request; 0 for the
 * agent's own. A slot's value is taken to be the longest of its values that stands where the slot would, behind the text
 * before it; else the longest that stands anywhere in the prompt, else its first.
 */
export function extraTokensOf(
  prompt: string,
  own: { readonly systemPrompt: string; readonly slots: SlotChoices },
  countTokens: TokenCount,
): number {
  const skeleton = parsePrompt(own.systemPrompt);
  const matched = Object.entries(matchSkeleton(skeleton, prompt) ?? { '': '' });
  if (matched.every(([name, value]) => own.slots[name]?.includes(value))) return 0;
  const values = Object.fromEntries(
    Object.entries(own.slots).map(([name, choices]) => {
      const standing = valuesBehind(textBefore(skeleton, name), choices, prompt);
      return [name, longest(standing) ?? longest(choices.filter(isIn(prompt))) ?? choices[0] ?? ''];
    }),
  );
  return countTokens(prompt) - countTokens(fillSkeleton(skeleton, values));
}

/** The end of the fixed text right before a slot; `undefined` where the slot begins the prompt or follows another. */
function textBefore({ segments }: Skeleton, name: string): string | undefined {
  const index = segments.findIndex((segment) => segment.kind === 'slot' && segment.name === name);
  const before = segments[index - 1];
  return before?.kind === 'text' ? before.text.slice(-contextLengthMax) : undefined;
}

function valuesBehind(
  before: string | undefined,
  choices: readonly string[],
  prompt: string,
): readonly string[] {
  const start = before === undefined ? -1 : prompt.indexOf(before);
  if (before === undefined || start === -1) return [];
  return choices.filter((choice) => choice !== '' && prompt.startsWith(choice, start + before.length));
}

function isIn(prompt: string): (choice: string) => boolean {
  return (choice) => choice !== '' && prompt.includes(choice);
}

function longest(texts: readonly string[]): string | undefined {
  return texts.toSorted((one, other) => other.length - one.length)[0];
}
