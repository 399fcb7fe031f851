import { matchSkeleton } from '../../domain/match-skeleton.ts';
import { fillSkeleton } from '../../domain/skeleton.ts';
import { parsePrompt, type SlotChoices } from './slots.ts';
import type { TokenCount } from './token-count.ts';

/**
 * How many tokens a prompt is longer than the agent's own prompt would have been in the same request; 0 for the
 * agent's own. A slot's value is taken to be the longest of its values that stands in the prompt, else its first.
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
    Object.entries(own.slots).map(([name, choices]) => [name, likelyValue(choices, prompt)]),
  );
  return countTokens(prompt) - countTokens(fillSkeleton(skeleton, values));
}

function likelyValue(choices: readonly string[], prompt: string): string {
  const longestFirst = choices.toSorted((one, other) => other.length - one.length);
  return longestFirst.find((value) => value !== '' && prompt.includes(value)) ?? choices[0] ?? '';
}
