import type { Segment, Skeleton, SlotValues } from '../../domain/skeleton.ts';
import { extendHash, hashOf, indexOf } from './seeded-hash.ts';

const slotPattern = /\{\{([^{}]+)\}\}/g;

/** A world's prompt with its `{{name}}` slots taken apart. */
export function parsePrompt(prompt: string): Skeleton {
  const segments = prompt.split(slotPattern).map((part, index): Segment =>
    // Splitting by a pattern with one group puts the group's matches at the odd places.
    index % 2 === 1 ? { kind: 'slot', name: part } : { kind: 'text', text: part },
  );
  return { segments: segments.filter((segment) => segment.kind === 'slot' || segment.text !== '') };
}

/** The names of a prompt's slots, each once. */
export function slotNamesIn(prompt: string): string[] {
  return [...new Set([...prompt.matchAll(slotPattern)].map((match) => match[1] ?? ''))];
}

/** What an agent may fill into its slots. */
export type SlotChoices = Readonly<Record<string, readonly string[]>>;

/** One value for each slot, drawn at random. */
export function drawSlots(choices: SlotChoices, seed: number, draw: number): SlotValues {
  const luck = hashOf(seed, 'slots', draw);
  return Object.fromEntries(
    Object.entries(choices).map(([name, values]) => [
      name,
      values[indexOf(extendHash(luck, name), values.length)] ?? '',
    ]),
  );
}

/**
 * The combinations of slot values that an agent draws from, when there are at most `combinationsMax` for the slots
 * named; else that many draws. Slots that are not named keep their first value.
 */
export function slotCombinations(
  choices: SlotChoices,
  names: readonly string[],
  { seed, combinationsMax }: { readonly seed: number; readonly combinationsMax: number },
): readonly SlotValues[] {
  const sizes = names.map((name) => choices[name]?.length ?? 1);
  const total = sizes.reduce((product, size) => product * size, 1);
  if (total > combinationsMax)
    return Array.from({ length: combinationsMax }, (_, draw) => drawSlots(choices, seed, -1 - draw));
  const first = Object.fromEntries(Object.entries(choices).map(([name, values]) => [name, values[0] ?? '']));
  return names.reduce<readonly SlotValues[]>(
    (combinations, name) =>
      combinations.flatMap((combination) =>
        (choices[name] ?? []).map((value) => ({ ...combination, [name]: value })),
      ),
    [first],
  );
}
