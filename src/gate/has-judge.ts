import type { TaskConfig } from '../domain/task.ts';
import type { GateDeps } from './gate-deps.ts';
import { isDeterministic } from './graders/graders.ts';

/** Whether a task has a grader that asks a model, and a model to ask. */
export function hasJudge(
  { graders }: Pick<TaskConfig, 'graders'>,
  { judgeModelName }: Pick<GateDeps, 'judgeModelName'>,
): boolean {
  return judgeModelName !== null && !graders.every(isDeterministic);
}
