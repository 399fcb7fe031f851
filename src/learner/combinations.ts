import { editKey } from '../domain/edit-key.ts';
import type { Edit } from '../domain/edit.ts';
import type { Random } from '../domain/random.ts';
import type { Variant } from '../domain/variant.ts';
import { suggestChoices, type Choices, type ScoredChoices } from '../stats/tree-parzen.ts';
import { editsBeyond } from './combine-edits.ts';
import type { TriedChange } from './edit-history.ts';

/** What can be combined, in each part the empty choice first, and what came of combinations. */
export interface Combinations {
  readonly instructions: readonly Part[];
  readonly demonstrations: readonly Part[];
  /** Of tests that have ended. */
  readonly scored: readonly ScoredChoices[];
  /** Names of combinations that need not be tried. */
  readonly known: ReadonlySet<string>;
}

type Part = readonly Edit[];

/**
 * The choices that there are: what was written now, and what earlier proposals added, worked examples apart from all
 * else. A part that was turned down by itself is no choice any more, nor is one that the incumbent has.
 */
export function combinationsOf(
  tried: readonly TriedChange[],
  incumbent: Variant,
  written: { readonly instructions: readonly Part[]; readonly demonstrations: readonly Part[] },
): Combinations {
  const trials = tried
    .filter(({ isAddition }) => isAddition)
    .map((change) => ({
      change,
      name: nameOf(change.edits),
      instruction: change.edits.filter(({ op }) => op !== 'add-example'),
      demonstration: change.edits.filter(({ op }) => op === 'add-example'),
    }));
  const condemned = new Set(trials.flatMap(({ change, name }) => (isTurnedDown(change) ? [name] : [])));
  const choicesAmong = (parts: readonly Part[]): readonly Part[] => [
    [],
    ...new Map(
      parts
        .filter((part) => part.length > 0 && !condemned.has(nameOf(part)))
        .filter((part) => editsBeyond(part, incumbent.edits).length === part.length)
        .map((part) => [nameOf(part), part]),
    ).values(),
  ];
  const instructions = choicesAmong([
    ...trials.map(({ instruction }) => instruction),
    ...written.instructions,
  ]);
  const demonstrations = choicesAmong([
    ...trials.map(({ demonstration }) => demonstration),
    ...written.demonstrations,
  ]);
  return {
    instructions,
    demonstrations,
    scored: trials.flatMap(({ change, instruction, demonstration }) => {
      const choices = [indexIn(instructions, instruction), indexIn(demonstrations, demonstration)];
      const { score, outcome } = change;
      return score === null || outcome === 'open' || choices.includes(-1) ? [] : [{ choices, value: score }];
    }),
    known: new Set(
      trials.flatMap(({ change, name }) =>
        change.incumbentId === incumbent.id || change.outcome === 'open' || isTurnedDown(change)
          ? [name]
          : [],
      ),
    ),
  };
}

/** Up to `count` different combinations that need trying and are no larger than a step may be, by the Parzen estimator. */
export function chooseCombinations(
  { instructions, demonstrations, scored, known }: Combinations,
  { count, growthCharactersMax }: { readonly count: number; readonly growthCharactersMax: number },
  random: Random,
): readonly Part[] {
  const editsAt = ([instruction = 0, demonstration = 0]: Choices): Part => [
    ...(instructions[instruction] ?? []),
    ...(demonstrations[demonstration] ?? []),
  ];
  const chosen = new Map<string, Part>();
  const isWanted = (choices: Choices): boolean => {
    const edits = editsAt(choices);
    // One part alone is never too large here: the gate has the last word on what somebody wrote.
    if (!choices.includes(0) && charactersOf(edits) > growthCharactersMax) return false;
    const name = nameOf(edits);
    return name !== '' && !known.has(name) && !chosen.has(name);
  };
  while (chosen.size < count) {
    const sizes = [instructions.length, demonstrations.length];
    const choices = suggestChoices(sizes, scored, random, isWanted);
    if (choices === undefined) break;
    const edits = editsAt(choices);
    chosen.set(nameOf(edits), edits);
  }
  return [...chosen.values()];
}

function isTurnedDown({ outcome }: TriedChange): boolean {
  return outcome === 'rejected' || outcome === 'rolled-back';
}

function indexIn(choices: readonly Part[], part: Part): number {
  const name = nameOf(part);
  return choices.findIndex((choice) => nameOf(choice) === name);
}

/** Characters that edits put into a prompt. */
function charactersOf(edits: Part): number {
  return edits.reduce((sum, edit) => sum + ('text' in edit ? edit.text.length : 0), 0);
}

/** A name for what edits do, in whatever order. */
function nameOf(edits: Part): string {
  return edits.map(editKey).toSorted().join(' ');
}
