import { applyEdits } from '../../src/domain/apply-edits.ts';
import type { Edit } from '../../src/domain/edit.ts';
import { fillSkeleton } from '../../src/domain/skeleton.ts';
import type { RunningWorld } from '../../src/upstream/simulated/running-world.ts';
import { parsePrompt } from '../../src/upstream/simulated/slots.ts';
import type { World } from '../../src/upstream/simulated/world.ts';

/**
 * True values of the agent's own prompt and of the best prompt that can be reached with the edits that the world's
 * optimizer knows, at the world's first request: greedily the edit that adds most, until none adds anything. In a replay
 * world the best recorded prompt.
 */
export function reachableValues(
  world: World,
  running: RunningWorld,
): { readonly own: number; readonly best: number } {
  const own = running.trueValue((slots) => running.ownPrompt(slots));
  if (world.kind === 'replay')
    return { own, best: Math.max(own, ...world.prompts.map(({ text }) => running.trueValue(() => text))) };
  const skeleton = parsePrompt(world.agent.systemPrompt);
  const valueOf = (edits: readonly Edit[]): number => {
    const edited = applyEdits(skeleton, edits);
    return edited === undefined ? 0 : running.trueValue((slots) => fillSkeleton(edited, slots));
  };
  let edits: readonly Edit[] = [];
  let best = own;
  for (;;) {
    const steps = world.optimizer.edits.map(({ edit }) => [...edits, edit]);
    const values = steps.map(valueOf);
    const value = Math.max(...values);
    if (!(value > best)) return { own, best };
    best = value;
    edits = steps[values.indexOf(value)] ?? edits;
  }
}
