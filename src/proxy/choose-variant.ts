import { sampleArm } from '../bandit/sample.ts';
import type { Attribution } from '../domain/decision.ts';
import type { Random } from '../domain/random.ts';
import type { SlotValues } from '../domain/skeleton.ts';
import { baselineVariantId } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Episode } from './episode.ts';
import type { TrackedTask } from './tracked-task.ts';

/** The variant that serves a request, and why. */
export interface Choice {
  readonly variantId: string;
  /** Probability in (0, 1]. */
  readonly propensity: number;
  readonly planVersion: number;
  readonly attribution: Attribution;
  /** Status of the arm in the plan; `former` for one that a conversation keeps after it left. */
  readonly status: 'baseline' | 'incumbent' | 'canary' | 'superseded' | 'former';
  /** The variant's prompt; `null`: the agent's own stays. */
  readonly prompt: string | null;
}

/** A request whose task is known, ready for a choice. */
export interface Candidate {
  readonly task: TrackedTask;
  readonly snapshot: TaskSnapshot | undefined;
  /** `null`: the prompt is no instance of the baseline. */
  readonly slots: SlotValues | null;
}

/** Version of the plan that a task starts from, while the store has not answered with it yet. */
const firstPlanVersion = 1;

/**
 * Whether variants can serve the request at all: the prompt is an instance of the baseline that the plan is about. Else
 * the agent's own prompt serves.
 */
export function isServable({ task, snapshot, slots }: Candidate): boolean {
  if (slots === null) return false;
  return snapshot === undefined || snapshot.plan.baselineVersion === task.prompts.baseline().version;
}

/** A new draw from the plan's probabilities. Until the task has a plan, the baseline is the one arm there is. */
export function drawVariant(candidate: Candidate, random: Random): Choice {
  const { snapshot } = candidate;
  if (snapshot === undefined) return ownPrompt(candidate, 'drawn');
  const { variantId, propensity } = sampleArm(snapshot.routing.probabilities, random);
  return rendered(candidate, {
    variantId,
    propensity,
    planVersion: snapshot.routing.planVersion,
    attribution: 'drawn',
  });
}

/** The variant that an episode has, with the propensity of its draw; the incumbent where it was taken away for harm. */
export function inheritVariant(candidate: Candidate, episode: Episode): Choice {
  const isRemoved = episode.attribution === 'drawn' && candidate.task.arms.isRemoved(episode.variantId);
  return isRemoved ? incumbent(candidate, 'removed') : rendered(candidate, episode);
}

/** The incumbent for an episode whose own variant cannot be told, or was removed. */
export function incumbent(candidate: Candidate, attribution: 'unattributed' | 'removed'): Choice {
  const { snapshot } = candidate;
  if (snapshot === undefined) return ownPrompt(candidate, attribution);
  const { incumbentId, version } = snapshot.plan;
  return rendered(candidate, { variantId: incumbentId, propensity: 1, planVersion: version, attribution });
}

/** The variant that the caller pins; `undefined` where it is no arm of the current plan. */
export function pinnedVariant(candidate: Candidate, variantId: string): Choice | undefined {
  if (variantId === baselineVariantId) return ownPrompt(candidate, 'pinned');
  const plan = candidate.snapshot?.plan;
  if (plan?.arms.some((arm) => arm.variantId === variantId) !== true) return undefined;
  return rendered(candidate, {
    variantId,
    propensity: 1,
    planVersion: plan.version,
    attribution: 'pinned',
  });
}

/** The agent's own prompt, untouched. */
export function ownPrompt({ snapshot }: Candidate, attribution: Attribution): Choice {
  return {
    variantId: baselineVariantId,
    propensity: 1,
    planVersion: snapshot?.plan.version ?? firstPlanVersion,
    attribution,
    status: 'baseline',
    prompt: null,
  };
}

/** A variant that has no place in this prompt, or would not keep what it must, gives way to the agent's own, and is not learned from. */
function rendered(
  candidate: Candidate,
  wanted: Pick<Choice, 'variantId' | 'propensity' | 'planVersion' | 'attribution'>,
): Choice {
  const { task, snapshot, slots } = candidate;
  const { variantId, propensity, planVersion, attribution } = wanted;
  const choice = { variantId, propensity, planVersion, attribution };
  if (variantId === baselineVariantId) return { ...choice, status: 'baseline', prompt: null };
  const prompt =
    isServable(candidate) && slots !== null
      ? task.arms.promptOf(variantId, task.prompts.baseline(), slots)
      : undefined;
  if (prompt === undefined) return ownPrompt(candidate, 'unattributed');
  const arm = snapshot?.plan.arms.find((known) => known.variantId === variantId);
  return { ...choice, status: arm?.status ?? 'former', prompt };
}
