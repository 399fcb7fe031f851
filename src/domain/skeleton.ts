/**
 * A baseline prompt with the places that differ from request to request taken out.
 * Text and slots alternate freely; a skeleton without slots is one text segment.
 */
export interface Skeleton {
  readonly segments: readonly Segment[];
}

export type Segment = { readonly kind: 'text'; readonly text: string } | Slot;

/** A place that the agent fills in anew for each request. */
export interface Slot {
  readonly kind: 'slot';
  /** Unique in its skeleton, and shown to people and optimizers as `{{name}}`. */
  readonly name: string;
  /** Words that a value may have, for a place that holds names, dates or numbers; absent: any text, of any length. */
  readonly wordsMax?: number;
}

/** What an agent filled in: slot name to text. */
export type SlotValues = Readonly<Record<string, string>>;

/** The slots of a skeleton, in order. */
export function slotsOf({ segments }: Skeleton): readonly Slot[] {
  return segments.filter((segment) => segment.kind === 'slot');
}

/** A skeleton as people and optimizers read it, slots written `{{name}}`. */
export function skeletonText(skeleton: Skeleton): string {
  return skeleton.segments
    .map((segment) => (segment.kind === 'text' ? segment.text : `{{${segment.name}}}`))
    .join('');
}

/** The concrete prompt: each slot replaced by its value; a slot without a value is an internal error. */
export function fillSkeleton(skeleton: Skeleton, values: SlotValues): string {
  return skeleton.segments
    .map((segment) => {
      if (segment.kind === 'text') return segment.text;
      const value = values[segment.name];
      if (value === undefined) throw new RangeError(`slot "${segment.name}" has no value`);
      return value;
    })
    .join('');
}

/** A skeleton without slots. */
export function literalSkeleton(text: string): Skeleton {
  return { segments: [{ kind: 'text', text }] };
}
