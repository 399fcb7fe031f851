import type { Optimizer } from './optimizer.ts';

/**
 * Whose turn it is: the configured optimizers one after the other, those that are not known left out; `undefined`
 * where none is known. Taking turns gives every optimizer the same number of tries, which a later choice by success
 * can be measured against.
 */
export function chooseOptimizer(
  names: readonly string[],
  known: ReadonlyMap<string, Optimizer>,
  turn: number,
): Optimizer | undefined {
  const able = names.flatMap((name) => known.get(name) ?? []);
  return able.length === 0 ? undefined : able[turn % able.length];
}
