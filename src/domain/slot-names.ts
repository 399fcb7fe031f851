import type { Segment, Skeleton } from './skeleton.ts';

/** Characters of fixed text around a slot by which it is known again, at least and at most on either side. */
const sharedLengthMin = 6;
const contextLength = 32;

/**
 * The skeleton with its slots named as in another one, where they stand in the same fixed text: so edits
 * that speak of a slot find it in the next version of a prompt. Other slots get names that neither has.
 */
export function withSlotNamesOf(skeleton: Skeleton, model: Skeleton): Skeleton {
  const known = placesOf(model.segments);
  const taken = new Set(known.map(({ name }) => name));
  const text = skeleton.segments.map((segment) => (segment.kind === 'text' ? segment.text : '')).join('');
  const used = new Set<string>();
  const renamed = new Map<string, string>();
  for (const place of placesOf(skeleton.segments)) {
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
  let next = 0;
  const fresh = (): string => {
    do next += 1;
    while (taken.has(`slot${next}`) || used.has(`slot${next}`) || text.includes(`{{slot${next}}}`));
    return `slot${next}`;
  };
  return {
    segments: skeleton.segments.map((segment) => {
      if (segment.kind === 'text') return segment;
      const name = renamed.get(segment.name) ?? fresh();
      used.add(name);
      return { ...segment, name };
    }),
  };
}

interface SlotPlace {
  readonly name: string;
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
