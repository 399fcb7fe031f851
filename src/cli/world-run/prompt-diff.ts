import { diffLines } from 'diff';
import { applyEdits } from '../../domain/apply-edits.ts';
import { skeletonText } from '../../domain/skeleton.ts';
import type { TaskSnapshot } from '../../store/plan-store.ts';
import { terminalText } from '../terminal-text.ts';

const lineLengthMax = 200;

/** What the incumbent changes in the agent's own prompt: lines marked `+`, `-` or by a space, slots as `{{name}}`. */
export function promptDiff({ task, plan, variants }: TaskSnapshot): readonly string[] {
  const incumbent = variants.find(({ id }) => id === plan.incumbentId);
  const edited = applyEdits(task.baseline.skeleton, incumbent?.edits ?? []) ?? task.baseline.skeleton;
  return diffLines(`${skeletonText(task.baseline.skeleton)}\n`, `${skeletonText(edited)}\n`).flatMap(
    ({ value, added, removed }) =>
      value
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${added ? '+' : removed ? '-' : ' '} ${terminalText(line, lineLengthMax)}`),
  );
}
