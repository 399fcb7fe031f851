import { baselineVariantId } from '../../../domain/variant.ts';
import type { VariantView } from '../../api/task.schema.ts';

/** A variant with those that were built upon it. */
export interface VariantNode {
  readonly variant: VariantView;
  readonly children: readonly VariantNode[];
}

/** Deepest place in the tree; what lies deeper stands there too. */
const depthMax = 12;

/** The variants as a tree. What was built upon a variant that is not among them stands at the top. */
export function variantTree(variants: readonly VariantView[]): readonly VariantNode[] {
  const ids = new Set(variants.map(({ id }) => id));
  const parentOf = ({ id, parentId }: VariantView): string | null =>
    id === baselineVariantId || parentId === null || parentId === id || !ids.has(parentId) ? null : parentId;
  const byParent = Map.groupBy(variants, parentOf);
  const seen = new Set<string>();
  const nodes = (parentId: string | null, depth: number): readonly VariantNode[] =>
    (byParent.get(parentId) ?? []).flatMap((variant): readonly VariantNode[] => {
      if (seen.has(variant.id)) return [];
      seen.add(variant.id);
      const children = nodes(variant.id, depth + 1);
      return depth < depthMax ? [{ variant, children }] : [{ variant, children: [] }, ...children];
    });
  const tree = nodes(null, 0);
  // Of a circle, which only a damaged history has, nobody stands at the top.
  const rest = variants.filter(({ id }) => !seen.has(id)).map((variant) => ({ variant, children: [] }));
  return [...tree, ...rest];
}
