/**
 * What a stored answer is: a variant's, a judge's opinion of two variants' answers, or the answer to a request that is
 * asked again and again to notice a changed model.
 */
export type RunKind =
  | { readonly kind: 'variant'; readonly variantId: string }
  | { readonly kind: 'judge'; readonly firstId: string; readonly secondId: string }
  | { readonly kind: 'pinned'; readonly round: string };

/** Told by the name under which the gate stores it. */
export function runKind(name: string): RunKind {
  const [mark, , first, second] = name.split(':');
  if (mark === 'judge' && first !== undefined && second !== undefined)
    return { kind: 'judge', firstId: first, secondId: second };
  if (mark === 'pinned' && first !== undefined) return { kind: 'pinned', round: first };
  return { kind: 'variant', variantId: name };
}
