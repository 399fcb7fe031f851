import { applyEdits } from '../../domain/apply-edits.ts';
import { matchSkeleton } from '../../domain/match-skeleton.ts';
import { fillSkeleton } from '../../domain/skeleton.ts';
import type { Baseline } from '../../domain/task.ts';
import type { Variant } from '../../domain/variant.ts';
import type { RunningWorld } from '../../upstream/simulated/running-world.ts';

/** True values of variants, which only a world knows. */
export interface VariantTruth {
  /** At this moment, in [0, 1]; a variant that does not fit the agent's prompt is worth as much as that prompt. */
  readonly valueOf: (variant: Variant) => number;
}

/** `baseline` tells the newest baseline of the task; values are remembered for as long as the world stands still. */
export function createVariantTruth(world: RunningWorld, baseline: () => Baseline | undefined): VariantTruth {
  const known = new Map<string, number>();
  let knownFor = '';
  return {
    valueOf: (variant) => {
      const { version, skeleton } = baseline() ?? { version: 0, skeleton: { segments: [] } };
      const moment = `${world.phase()} ${version} ${skeleton.segments.length}`;
      if (moment !== knownFor) known.clear();
      knownFor = moment;
      const before = known.get(variant.id);
      if (before !== undefined) return before;

      const edited = variant.baselineVersion === version ? applyEdits(skeleton, variant.edits) : undefined;
      const value = world.trueValue((slots) => {
        const own = world.ownPrompt(slots);
        const values = matchSkeleton(skeleton, own);
        return edited === undefined || values === undefined ? own : fillSkeleton(edited, values);
      });
      known.set(variant.id, value);
      return value;
    },
  };
}
