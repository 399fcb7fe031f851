import type { Edit } from '../domain/edit.ts';
import type { Random } from '../domain/random.ts';
import type { Trace } from '../domain/trace.ts';
import { demonstrationOf } from './demonstration.ts';
import { selectAtRandom } from './trace-selection.ts';

/** Demonstrations that go into a prompt together. */
export interface DemonstrationSet {
  readonly edits: readonly Edit[];
  /** What they quote. */
  readonly quotes: readonly Trace[];
}

/** How many sets, of how many demonstrations at most, and of how many characters together. */
export interface SetLimits {
  readonly setsMax: number;
  readonly demonstrationsMax: number;
  readonly growthCharactersMax: number;
}

/**
 * Sets of random size from requests whose right answer is known: those that were answered well ("bootstrapped") before
 * the others ("labelled"), in random order, each request in one set at most.
 */
export function demonstrationSets(
  traces: readonly Trace[],
  { setsMax, demonstrationsMax, growthCharactersMax }: SetLimits,
  random: Random,
): readonly DemonstrationSet[] {
  const known = traces.filter(({ expected }) => expected !== null);
  const left = selectAtRandom(known, known.length, random)
    .toSorted((one, other) => Number(other.reward === 1) - Number(one.reward === 1))
    .flatMap((trace) => {
      const edit = demonstrationOf(trace, growthCharactersMax);
      return edit === undefined ? [] : [{ trace, edit }];
    });
  const sets: DemonstrationSet[] = [];
  while (sets.length < setsMax && left.length > 0) {
    const sizeMax = 1 + Math.floor(random.next() * demonstrationsMax);
    let characters = 0;
    const misfit = left.findIndex(({ edit }, index) => {
      characters += 'text' in edit ? edit.text.length : 0;
      return index >= sizeMax || (index > 0 && characters > growthCharactersMax);
    });
    const taken = left.splice(0, misfit === -1 ? left.length : misfit);
    sets.push({ edits: taken.map(({ edit }) => edit), quotes: taken.map(({ trace }) => trace) });
  }
  return sets;
}
