import type { Edit } from '../domain/edit.ts';
import type { ExamplesPolicy } from '../domain/task.ts';
import type { ProposalPurpose } from '../domain/test-terms.ts';
import type { Trace } from '../domain/trace.ts';
import { editsBeyond } from './combine-edits.ts';
import type { DropReason } from './drop-reason.ts';
import { createLeakGuard } from './leak-guard.ts';
import type { OptimizerContext, OptimizerOutput } from './optimizer.ts';
import { editFault } from './proposals.schema.ts';
import { redactExamples } from './safety/redact-examples.ts';
import { shownExample } from './shown-example.ts';

/** What is left of an optimizer's output, and why the rest is not. */
export interface GuardedOutput {
  readonly candidates: readonly (readonly Edit[])[];
  /** Traces that the optimizer quoted; they count as seen whatever became of its candidates. */
  readonly shown: readonly Trace[];
  readonly dropped: readonly DropReason[];
  readonly purpose?: ProposalPurpose | undefined;
}

/** What candidates are held against. */
export interface GuardGround extends Pick<OptimizerContext, 'incumbent' | 'prompt'> {
  /** Whether worked examples are redacted; absent: they are not. */
  readonly examples?: ExamplesPolicy | undefined;
}

/**
 * Holds candidates that an optimizer put together by itself from recorded requests against what holds for the answers
 * of a model: no control characters, no unknown slots, no copies of traffic but for demonstrations.
 */
export function guardOutput(
  { candidates, shown = [], purpose }: OptimizerOutput,
  { incumbent, prompt, examples }: GuardGround,
): GuardedOutput {
  if (shown.length === 0) return { candidates, shown, dropped: [], purpose };
  const policy = examples ?? 'allow';
  const guard = createLeakGuard(shown.map(shownExample), prompt);
  const kept: (readonly Edit[])[] = [];
  const dropped: DropReason[] = [];
  for (const given of candidates) {
    const fresh = new Set(editsBeyond(given, incumbent.edits));
    const edits = given.flatMap((edit) => (fresh.has(edit) ? redactExamples([edit], policy) : [edit]));
    const own = editsBeyond(edits, incumbent.edits);
    const fault =
      own.map((edit) => editFault(edit, prompt)).find((reason) => reason !== undefined) ??
      (guard.isLeaking(own) ? 'copies-traffic' : undefined);
    if (fault === undefined) kept.push(edits);
    else dropped.push(fault);
  }
  return { candidates: kept, shown, dropped, purpose };
}
