import type { Segment, Skeleton } from './skeleton.ts';

/** Characters of fixed text around a slot by which it is known again, at least and at most on either side. */
const sharedLengthMin = 6;
const contextLength = 32;

/**
 * The skeleton with its slots named as in another one, where they stand in the same fixed text, or in the same place
 * between two slots that do: so edits that speak of a slot find it in the next version of a prompt. Other slots get names
 * that neither has.
 */
export function withSlotNamesOf(skeleton: Skeleton, model: Skeleton): Skeleton {
  const known = placesOf(model.segments);
  const places = placesOf(skeleton.segments);
  const renamed = renamedBetween(places, known, renamedByText(places, known));
  const taken = new Set([...known.map(({ name }) => name), ...renamed.values()]);
  const text = skeleton.segments.map((segment) => (segment.kind === 'text' ? segment.text : '')).join('');
  let next = 0;
  const fresh = (): string => {
    do next += 1;
    while (taken.has(`slot${next}`) || text.includes(`{{slot${next}}}`));
    return `slot${next}`;
  };
  return {
    segments: skeleton.segments.map((segment) =>
      segment.kind === 'text' ? segment : { ...segment, name: renamed.get(segment.name) ?? fresh() },
    ),
  };
}

/** New names by old ones, for slots around which most of the text is the same. */
function renamedByText(
  places: readonly SlotPlace[],
  known: readonly SlotPlace[],
): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  const used = new Set<string>();
  for (const place of places) {
    const [same] = known
      .filter(({ name }) => !used.has(name))
      .map(({ name, before, after }) => ({
        name,
        shared: sharedEnd(before, place.before) + sharedBeginning(after, place.after),
      }))
      .filter(({ shared }) => shared >= sharedLengthMin)
      .toSorted((one, other) => other.shared - one.shared);
    if (same === undefined) continue;
    used.add(same.name);
    renamed.set(place.name, same.name);
  }
  return renamed;
}

/** Adds slots that are as many, between two that are known again, as they were. */
function renamedBetween(
  places: readonly SlotPlace[],
  known: readonly SlotPlace[],
  byText: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const renamed = new Map(byText);
  let [from, knownFrom] = [0, 0];
  for (let to = 0; to <= places.length; to += 1) {
    const name = byText.get(places[to]?.name ?? '');
    const knownTo = to === places.length ? known.length : known.findIndex((place) => place.name === name);
    if (to < places.length && name === undefined) continue;
    if (to - from === knownTo - knownFrom)
      for (let index = from; index < to; index += 1) {
        const [place, same] = [places[index], known[knownFrom + index - from]];
        if (place !== undefined && same?.isOpen === place.isOpen) renamed.set(place.name, same.name);
      }
    [from, knownFrom] = [to + 1, knownTo + 1];
  }
  return renamed;
}

interface SlotPlace {
  readonly name: string;
  readonly isOpen: boolean;
  readonly before: string;
  readonly after: string;
}

function placesOf(segments: readonly Segment[]): readonly SlotPlace[] {
  const textAt = (index: number): string => {
    const segment = segments[index];
    return segment?.kind === 'text' ? segment.text : '';
  };
  return segments.flatMap((segment, index) =>
    segment.kind === 'slot'
      ? [
          {
            name: segment.name,
            isOpen: segment.wordsMax === undefined,
            before: textAt(index - 1).slice(-contextLength),
            after: textAt(index + 1).slice(0, contextLength),
          },
        ]
      : [],
  );
}

function sharedBeginning(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function sharedEnd(one: string, other: string): number {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one.at(-1 - length) === other.at(-1 - length))
    length += 1;
  return length;
}
