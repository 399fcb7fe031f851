import type { Skeleton, SlotValues } from './skeleton.ts';

/**
 * What the agent filled into each slot, when `text` is an instance of the skeleton; else `undefined`.
 * Each slot takes the shortest text that lets the fixed text behind it follow; the last one takes what remains.
 * A slot may be empty. Time is linear in the text for each segment.
 */
export function matchSkeleton(skeleton: Skeleton, text: string): SlotValues | undefined {
  const values: Record<string, string> = {};
  let position = 0;
  let openSlot: string | undefined;
  const last = skeleton.segments.length - 1;
  for (const [index, segment] of skeleton.segments.entries()) {
    if (segment.kind === 'slot') {
      // Of two slots side by side the first one is empty.
      if (openSlot !== undefined) values[openSlot] = '';
      openSlot = segment.name;
      continue;
    }
    const start = index === last ? text.length - segment.text.length : text.indexOf(segment.text, position);
    const isFitting =
      start >= position &&
      text.startsWith(segment.text, start) &&
      (openSlot !== undefined || start === position);
    if (!isFitting) return undefined;
    if (openSlot !== undefined) values[openSlot] = text.slice(position, start);
    openSlot = undefined;
    position = start + segment.text.length;
  }
  if (openSlot !== undefined) {
    values[openSlot] = text.slice(position);
    position = text.length;
  }
  return position === text.length ? values : undefined;
}
