import { RatchetError } from '../domain/ratchet-error.ts';

/** Shortest beginning of an id that stands for it. */
const prefixLengthMin = 4;

/** What has an id that begins so; nothing where that says too little. */
export async function byBeginning<Item extends { readonly id: string }>(
  prefix: string,
  list: () => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  if (prefix.length < prefixLengthMin) return [];
  return (await list()).filter(({ id }) => id.startsWith(prefix));
}

/** The only one that was found. Throws `not_found` where there is none, or several: which may be meant is said. */
export function theOne<Item extends { readonly id: string }>(
  found: readonly Item[],
  { kind, name, list }: { readonly kind: string; readonly name: string; readonly list: string },
): Item {
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new RatchetError(
    'not_found',
    one === undefined
      ? `there is no ${kind} "${name}"; see ${list}`
      : `"${name}" may be several: ${found
          .slice(0, 9)
          .map(({ id }) => id)
          .join(', ')}`,
  );
}
