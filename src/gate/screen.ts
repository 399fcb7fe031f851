import { applyEdits } from '../domain/apply-edits.ts';
import type { Screening, ScreeningCheck } from '../domain/campaign.ts';
import type { Edit } from '../domain/edit.ts';
import { contractLost, outputContract } from '../domain/output-contract.ts';
import { slotsChanged, spansLost } from '../domain/render-variant.ts';
import { skeletonText, type Skeleton } from '../domain/skeleton.ts';
import type { TaskConfig } from '../domain/task.ts';
import { atMost, stepChecks, type StepTexts } from './trust-region.ts';

/** A candidate beside the prompts that it is measured against. */
export interface ScreeningSubject {
  readonly baseline: Skeleton;
  readonly parentEdits: readonly Edit[];
  readonly candidateEdits: readonly Edit[];
  /** Relative edit radius r. */
  readonly radius: number;
  readonly config: Pick<TaskConfig, 'protect' | 'gate'>;
  /** JSON schemas that answers are declared to satisfy, `true` for any JSON. */
  readonly schemas: readonly unknown[];
}

/**
 * Whether a candidate is a legal step: its edits apply and change something, slots and protected spans survive byte
 * for byte in their order, and so do the sentences on the form of answers where one is declared; and, unless the task lifts it, the step stays within the trust region. Every limit is a
 * veto, and a value passes when it is at most its bound.
 */
export function screenCandidate(subject: ScreeningSubject): Screening {
  const parent = applyEdits(subject.baseline, subject.parentEdits);
  const candidate = applyEdits(subject.baseline, subject.candidateEdits);
  if (parent === undefined || candidate === undefined)
    return screeningOf([atMost('edits-without-place', 1, 0)]);
  const { protect, gate } = subject.config;
  const texts = textsOf(subject.baseline, parent, candidate);
  const contract = outputContract(texts.baseline, subject.schemas);
  return screeningOf([
    atMost('edits-without-place', 0, 0),
    atMost('unchanged-prompts', texts.candidate === texts.parent ? 1 : 0, 0),
    atMost('slots-changed', slotsChanged(subject.baseline, candidate), 0),
    atMost('protected-spans-changed', spansLost(subject.baseline, candidate, protect), 0),
    atMost('output-contract-changed', contractLost(contract, texts.candidate), 0),
    ...(gate.isEditSizeLimited ? stepChecks(texts, subject.radius) : []),
  ]);
}

/** A screening passes when each of its checks does. */
export function screeningOf(checks: readonly ScreeningCheck[]): Screening {
  return { checks, isPassed: checks.every(({ isPassed }) => isPassed) };
}

/** Each limit that was exceeded, with what was found and what is allowed; or that there was none. */
export function screeningReason({ checks }: Screening): string {
  const failed = checks.filter(({ isPassed }) => !isPassed);
  if (failed.length === 0) return `passed ${checks.length} limits`;
  return failed
    .map(({ limit, value, bound }) => `${limit} is ${figure(value)}, at most ${figure(bound)} is allowed`)
    .join('; ');
}

/** The prompts between which a step leads; `undefined` where an edit has no place. */
export function stepTexts({
  baseline,
  parentEdits,
  candidateEdits,
}: Pick<ScreeningSubject, 'baseline' | 'parentEdits' | 'candidateEdits'>): StepTexts | undefined {
  const [parent, candidate] = [applyEdits(baseline, parentEdits), applyEdits(baseline, candidateEdits)];
  return parent === undefined || candidate === undefined ? undefined : textsOf(baseline, parent, candidate);
}

function textsOf(baseline: Skeleton, parent: Skeleton, candidate: Skeleton): StepTexts {
  return {
    baseline: skeletonText(baseline),
    parent: skeletonText(parent),
    candidate: skeletonText(candidate),
  };
}

function figure(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
