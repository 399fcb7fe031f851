import type { Edit } from '../domain/edit.ts';
import type { Trace } from '../domain/trace.ts';
import { editsBeyond } from './combine-edits.ts';
import type { DropReason } from './drop-reason.ts';
import { createLeakGuard } from './leak-guard.ts';
import type { OptimizerContext, OptimizerOutput } from './optimizer.ts';
import { editFault } from './proposals.schema.ts';
import { shownExample } from './shown-example.ts';

/** What is left of an optimizer's output, and why the rest is not. */
export interface GuardedOutput {
  readonly candidates: readonly (readonly Edit[])[];
  /** Traces that the optimizer quoted; they count as seen whatever became of its candidates. */
  readonly shown: readonly Trace[];
  readonly dropped: readonly DropReason[];
}

/**
 * Holds candidates that an optimizer put together by itself from recorded requests against what holds for the answers
 * of a model: no control characters, no unknown slots, no copies of traffic but for demonstrations.
 */
export function guardOutput(
  { candidates, shown = [] }: OptimizerOutput,
  { incumbent, prompt }: Pick<OptimizerContext, 'incumbent' | 'prompt'>,
): GuardedOutput {
  if (shown.length === 0) return { candidates, shown, dropped: [] };
  const guard = createLeakGuard(shown.map(shownExample), prompt);
  const kept: (readonly Edit[])[] = [];
  const dropped: DropReason[] = [];
  for (const edits of candidates) {
    const own = editsBeyond(edits, incumbent.edits);
    const fault =
      own.map((edit) => editFault(edit, prompt)).find((reason) => reason !== undefined) ??
      (own.some(guard.isLeakingEdit) ? 'copies-traffic' : undefined);
    if (fault === undefined) kept.push(edits);
    else dropped.push(fault);
  }
  return { candidates: kept, shown, dropped };
}
