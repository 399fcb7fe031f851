import { dayOf } from '../domain/spend.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import { afterAsk, type AskOutcome } from './backoff.ts';
import type { Ground } from './find-ground.ts';
import type { LearnerDeps } from './learner-deps.ts';
import { emptyTaskMemory } from './learner-memory.ts';
import type { ChosenSetup, SetupOutcome } from './meta/setup.ts';

/** Turns that came to nothing which are remembered. */
const barrenMax = 50;

/** Who was asked and why, by counts and names alone. */
export function tellChoice(
  { logger, telemetry }: LearnerDeps,
  { id, name }: TaskSnapshot['task'],
  { optimizer, batchSize, horizon, reason, wording }: ChosenSetup,
): void {
  const batch = batchSize ?? 'published';
  logger.info('learner.chosen', {
    taskId: id,
    optimizer,
    batchSize: batch,
    horizon,
    reason,
    ...(wording && { wording: wording.id, propensity: wording.propensity }),
  });
  telemetry.count('ratchet.learner.turns', 1, {
    task: name,
    optimizer,
    batch_size: String(batch),
    horizon,
  });
}

/** Keeps what a turn came to; `barren`: setups that gave nothing, of which no campaign tells. */
export function remember(
  deps: LearnerDeps,
  { view, moment }: Ground,
  outcome: AskOutcome,
  barren: readonly SetupOutcome[] = [],
): void {
  const before = deps.memory.tasks.get(view.task.id) ?? emptyTaskMemory;
  const memory = { ...before, barren: [...before.barren, ...barren].slice(-barrenMax) };
  // A failure is timed from when it was found, not from before a call that may have taken minutes.
  const now = { ...moment, nowMs: deps.clock.now() };
  deps.memory.tasks.set(view.task.id, afterAsk(memory, outcome, now));
}

/** Once per task and day: the gate spends the same money, so this is ordinary, and a person may want to change it. */
export function tellBudgetIsSpent(deps: LearnerDeps, { task }: TaskSnapshot): void {
  const memory = deps.memory.tasks.get(task.id) ?? emptyTaskMemory;
  const day = dayOf(deps.clock.now());
  if (memory.exhaustedOnDay === day) return;
  deps.memory.tasks.set(task.id, { ...memory, exhaustedOnDay: day });
  deps.logger.info('learner.budget-spent', { taskId: task.id, usdPerDay: task.config.budget.usdPerDay });
}
