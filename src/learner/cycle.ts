import { RatchetError, type ErrorCode } from '../domain/ratchet-error.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { ChatModel } from '../upstream/chat-model.ts';
import type { LearnerDeps, LearnerReport, TaskOutcome, TaskReport } from './learner-deps.ts';
import { proposeForTask } from './propose-for-task.ts';

/** Tasks that are worked on at a time. */
const concurrency = 4;

/** Failed calls after which a cycle asks the model no more, for whichever task. */
const failuresMax = 3;
const modelFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'upstream_unreachable',
  'upstream_timeout',
]);

/**
 * One round of the learner over all tasks: for each one that has learned enough since the last time, ask an optimizer
 * for edits and open campaigns, state `proposed`, that the gate takes from there. What a model does wrong is an
 * outcome; one task's trouble is its own. Rejects only when the tasks cannot be read.
 */
export async function runLearnerCycle(deps: LearnerDeps): Promise<LearnerReport> {
  const { model, store, memory } = deps;
  if (model === null) return { kind: 'idle', reason: 'no-model' };
  const { tasks } = await store.readSnapshot(0);
  const known = new Set(tasks.map(({ task }) => task.id));
  for (const taskId of memory.tasks.keys()) if (!known.has(taskId)) memory.tasks.delete(taskId);

  const reports: TaskReport[] = [];
  const line = { next: 0, failures: 0 };
  const work = async (): Promise<void> => {
    while (line.next < tasks.length && deps.signal?.aborted !== true) {
      const place = line.next;
      line.next += 1;
      const view = tasks[place];
      if (view === undefined) return;
      const outcome: TaskOutcome =
        line.failures < failuresMax
          ? await proposeSafely(deps, model, view)
          : { kind: 'skipped', reason: 'model-down' };
      if (outcome.kind === 'failed' && modelFailures.has(outcome.code)) line.failures += 1;
      reports[place] = { taskId: view.task.id, outcome };
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { kind: 'ran', tasks: reports.filter((report) => report !== undefined) };
}

async function proposeSafely(deps: LearnerDeps, model: ChatModel, view: TaskSnapshot): Promise<TaskOutcome> {
  try {
    return await proposeForTask(deps, model, view);
  } catch (error) {
    const code = error instanceof RatchetError ? error.code : 'internal';
    // The message may quote what it was about, so only its kind is told.
    deps.logger.error('learner.task.failed', {
      taskId: view.task.id,
      code,
      error: error instanceof Error ? error.name : typeof error,
    });
    return { kind: 'failed', code };
  }
}
