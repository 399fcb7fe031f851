import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import type { OptimizerContext } from './optimizer.ts';

/**
 * Recorded requests to criticise a variant by: those it has served and that have a reward; where it has served none,
 * and for the incumbent, those that may be shown of the incumbent.
 */
export function tracesOf(
  { id }: Variant,
  { incumbent, traces, scoresByExample }: Pick<OptimizerContext, 'incumbent' | 'traces' | 'scoresByExample'>,
): readonly Trace[] {
  if (id === incumbent.id) return traces;
  const own = scoresByExample
    .flatMap((kind) => kind.traces)
    .filter(({ decision }) => decision.variantId === id)
    .toSorted((one, other) => other.decision.atMs - one.decision.atMs);
  return own.length === 0 ? traces : own;
}
