import { describe, expect, test } from 'vitest';
import type { VariantView } from '../../api/task.schema.ts';
import { variantTree, type VariantNode } from './variant-tree.ts';

function view(id: string, parentId: string | null): VariantView {
  return {
    id,
    taskId: 't',
    baselineVersion: 1,
    edits: [],
    status: 'proposed',
    probability: 0,
    parentId,
    campaignIds: [],
  };
}

const outline = (nodes: readonly VariantNode[]): readonly unknown[] =>
  nodes.map(({ variant, children }) =>
    children.length === 0 ? variant.id : [variant.id, outline(children)],
  );

describe('the tree of variants', () => {
  test('has each variant below the one that it was built upon', () => {
    const variants = [view('baseline', null), view('a', 'baseline'), view('b', 'a'), view('c', 'baseline')];
    expect(outline(variantTree(variants))).toEqual([['baseline', [['a', ['b']], 'c']]]);
  });

  test('shows what was built upon an unknown variant at the top', () => {
    expect(outline(variantTree([view('baseline', null), view('a', 'gone')]))).toEqual(['baseline', 'a']);
  });

  test('shows each variant once, also those of a circle', () => {
    const variants = [view('baseline', null), view('a', 'b'), view('b', 'a'), view('c', 'c')];
    expect(outline(variantTree(variants))).toEqual(['baseline', 'c', 'a', 'b']);
  });

  test('does not grow deeper than a page is wide', () => {
    const chain = Array.from({ length: 40 }, (_, index) =>
      view(`v${index}`, index === 0 ? null : `v${index - 1}`),
    );
    const depthOf = (nodes: readonly VariantNode[]): number =>
      nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map(({ children }) => depthOf(children)));
    const tree = variantTree(chain);
    expect(depthOf(tree)).toBeLessThanOrEqual(13);
    expect(JSON.stringify(tree).match(/"id":/g)).toHaveLength(40);
  });
});
