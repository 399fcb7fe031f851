import { applyEdits } from '../domain/apply-edits.ts';
import type { Edit } from '../domain/edit.ts';
import { skeletonText } from '../domain/skeleton.ts';
import { growthLimits } from '../domain/growth-limit.ts';
import type { Task } from '../domain/task.ts';
import { makeVariant, type Variant } from '../domain/variant.ts';
import type { DropReason } from './drop-reason.ts';
import { editsBeyond } from './combine-edits.ts';
import { mayPropose, type HistoryGround } from './edit-history.ts';
import { editsFault } from './safety/edits-fault.ts';
import { tokenize } from '../stats/token-distance.ts';

/** What candidates are held against. */
export interface CandidateGround {
  readonly task: Task;
  /** The incumbent's prompt, slots as `{{name}}`. */
  readonly prompt: string;
  readonly history: HistoryGround;
  /** Campaigns that may be opened. */
  readonly room: number;
}

/** Which lists of edits become variants, in their order, and why the others do not. */
export function chooseCandidates(
  candidates: readonly (readonly Edit[])[],
  ground: CandidateGround,
): { readonly variants: readonly Variant[]; readonly dropped: readonly DropReason[] } {
  const { task, room } = ground;
  const variants: Variant[] = [];
  const dropped: DropReason[] = [];
  for (const edits of candidates) {
    const variant = makeVariant(task.id, task.baseline.version, edits);
    const isRepeated = variants.some(({ id }) => id === variant.id);
    const fault = isRepeated
      ? 'already-tried'
      : (faultOf(variant, ground) ?? (variants.length < room ? null : 'no-room'));
    if (fault === null) variants.push(variant);
    else dropped.push(fault);
  }
  return { variants, dropped };
}

function faultOf(variant: Variant, { task, prompt, history }: CandidateGround): DropReason | undefined {
  const skeleton = applyEdits(task.baseline.skeleton, variant.edits);
  if (skeleton === undefined) return 'does-not-apply';
  const text = skeletonText(skeleton);
  if (text === prompt) return 'changes-nothing';
  if (text.trim() === '') return 'empties-prompt';
  if (task.config.gate.isEditSizeLimited && isTooLarge(text, prompt, skeletonText(task.baseline.skeleton)))
    return 'too-large';
  // The last place that every proposal passes, whichever optimizer made it of what.
  const fault = editsFault(editsBeyond(variant.edits, history.incumbent.edits), {
    prompt,
    isForbidden: task.config.learner.examples === 'forbid',
  });
  return fault ?? (mayPropose(variant, history) ? undefined : 'already-tried');
}

/** Whether the gate would refuse a prompt for its length alone, whatever is proposed. */
function isTooLarge(text: string, prompt: string, baseline: string): boolean {
  const [tokens, parent, own] = [text, prompt, baseline].map((each) => tokenize(each).length);
  const limits = growthLimits({ parent: parent ?? 0, baseline: own ?? 0 });
  return (tokens ?? 0) > Math.min(limits.byParent, limits.byBaseline);
}
