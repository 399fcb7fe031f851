import { applyEdits } from '../domain/apply-edits.ts';
import type { Screening, ScreeningCheck } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { skeletonText, type Skeleton } from '../domain/skeleton.ts';
import type { TaskConfig } from '../domain/task.ts';
import { protectedSpans, spansChanged } from './protected-spans.ts';
import { atMost, stepChecks } from './trust-region.ts';

/** A candidate beside the prompts that it is measured against. */
export interface ScreeningSubject {
  readonly baseline: Skeleton;
  readonly parentEdits: readonly Edit[];
  readonly candidateEdits: readonly Edit[];
  /** Relative edit radius r. */
  readonly radius: number;
  readonly config: Pick<TaskConfig, 'protect' | 'gate'>;
}

/**
 * Whether a candidate is a legal step: its edits apply and change something, slots and protected spans survive byte
 * for byte in their order, and, unless the task lifts it, the step stays within the trust region. Every limit is a
 * veto, and a value passes when it is at most its bound.
 */
export function screenCandidate(subject: ScreeningSubject): Screening {
  const parent = applyEdits(subject.baseline, subject.parentEdits);
  const candidate = applyEdits(subject.baseline, subject.candidateEdits);
  if (parent === undefined || candidate === undefined)
    return screeningOf([atMost('edits-without-place', 1, 0)]);
  const { protect, gate } = subject.config;
  const texts = {
    baseline: skeletonText(subject.baseline),
    parent: skeletonText(parent),
    candidate: skeletonText(candidate),
  };
  return screeningOf([
    atMost('edits-without-place', 0, 0),
    atMost('unchanged-prompts', texts.candidate === texts.parent ? 1 : 0, 0),
    atMost('slots-changed', spansChanged(slotNames(subject.baseline), slotNames(candidate)), 0),
    atMost(
      'protected-spans-changed',
      spansChanged(protectedSpans(texts.baseline, protect), protectedSpans(texts.candidate, protect)),
      0,
    ),
    ...(gate.isEditSizeLimited ? stepChecks(texts, subject.radius) : []),
  ]);
}

/** A screening passes when each of its checks does. */
export function screeningOf(checks: readonly ScreeningCheck[]): Screening {
  return { checks, isPassed: checks.every(({ isPassed }) => isPassed) };
}

/** One sentence on the first limit that was exceeded, or on none. */
export function screeningReason({ checks }: Screening): string {
  const failed = checks.find(({ isPassed }) => !isPassed);
  if (failed === undefined) return `passed ${checks.length} limits`;
  return `${failed.limit} is ${figure(failed.value)}, at most ${figure(failed.bound)} is allowed`;
}

function slotNames(skeleton: Skeleton): readonly string[] {
  return skeleton.segments.flatMap((segment) => (segment.kind === 'slot' ? [segment.name] : []));
}

function figure(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
