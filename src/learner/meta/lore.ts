import type { Campaign } from '../../domain/campaign.ts';
import type { Task } from '../../domain/task.ts';
import type { Experience } from '../../store/campaign-store.ts';
import type { Store } from '../../store/store.ts';
import type { MeasuredUnit } from './campaign-effect.ts';
import { effectPrior, type EffectPrior } from './effect-prior.ts';
import { setupOutcomes } from './setup-outcomes.ts';
import type { SetupOutcome } from './setup.ts';
import { wordingTurns, type WordingTurn } from './wording-turns.ts';

/** Ended campaigns of other tasks that are read, the newest ones. */
const experienceRead = 400;

/** What an outcome of another task counts for the choice of a setup. */
const foreignWeight = 0.3;

/** Standard normal quantile of the two-sided 95 % interval that credit has. */
const z95 = 1.96;

/** All that has been learned, here and elsewhere, that a turn of the learner may use. */
export interface Lore {
  readonly prior: EffectPrior;
  readonly outcomes: readonly SetupOutcome[];
  /** Turns whose wording was drawn, the oldest first. */
  readonly wordingTurns: readonly WordingTurn[];
}

/**
 * Reads what campaigns have shown, and what live credit says of edits that serve: all state of the learner's learning is
 * derived from the store each time, so that a restart loses nothing. Only campaigns of tasks of the same scope are
 * looked at, unless the task's configuration allows all; with `warm_start: off`, only the task's own.
 */
export async function readLore(
  store: Pick<Store, 'readExperience' | 'readGateState'>,
  task: Task,
  campaigns: readonly Campaign[],
  optimizers: ReadonlySet<string>,
): Promise<Lore> {
  const reach = task.config.learner.warmStart ?? 'scope';
  const experience =
    reach === 'off'
      ? []
      : await store.readExperience({
          exceptTaskId: task.id,
          scope: reach === 'scope' ? task.scope : null,
          limit: experienceRead,
        });
  const credited = await readCredited(store, task.id);
  return {
    prior: effectPrior({ taskId: task.id, baseline: task.baseline, campaigns, credited, experience }),
    outcomes: [
      ...setupOutcomes(campaigns, optimizers, 1),
      ...[...Map.groupBy(experience, ({ campaign }) => campaign.taskId).values()].flatMap((group) =>
        setupOutcomes(campaignsOf(group), optimizers, foreignWeight),
      ),
    ],
    wordingTurns: wordingTurns([...campaignsOf(experience), ...campaigns]),
  };
}

/** Live credit as measurements: what edits that serve are worth to the users' own requests. */
async function readCredited(
  store: Pick<Store, 'readGateState'>,
  taskId: string,
): Promise<readonly MeasuredUnit[]> {
  const edits = (await store.readGateState(taskId))?.credit?.edits ?? [];
  return edits.flatMap(({ edit, effect }) => {
    const error = effect === null ? 0 : (effect.high - effect.low) / (2 * z95);
    return effect === null || !(error > 0)
      ? []
      : [{ edits: [edit], effect: effect.estimate, variance: error ** 2 }];
  });
}

function campaignsOf(experience: readonly Experience[]): readonly Campaign[] {
  return experience.map(({ campaign }) => campaign);
}
