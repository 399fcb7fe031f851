import type { Campaign } from '../../domain/campaign.ts';
import type { Edit } from '../../domain/edit.ts';
import { emptyTaskMemory } from '../learner-memory.ts';
import type { Ground } from '../find-ground.ts';
import { growthCharactersMax } from '../growth-characters.ts';
import type { LearnerDeps } from '../learner-deps.ts';
import type { Optimizer } from '../optimizer.ts';
import { optimizers } from '../optimizers/optimizers.ts';
import { chooseSetup } from './choose-setup.ts';
import type { EffectPrior } from './effect-prior.ts';
import { readHorizons } from './read-horizons.ts';
import { readLore } from './lore.ts';
import { placesIn } from './place.ts';
import { planTransfer } from './plan-transfer.ts';
import { batchSizes, type ChosenSetup } from './setup.ts';
import { chooseWording } from './choose-wording.ts';
import { barrenWordings } from './wording-turns.ts';

/** What a task's turn is to be. */
export interface TurnPlan {
  readonly optimizer: Optimizer;
  /** `null`: optimizers take turns, each as published. */
  readonly chosen: ChosenSetup | null;
  /** What is expected of edits; `null` where nothing of the kind is to be used. */
  readonly prior: EffectPrior | null;
  /** Whole lists of edits from other tasks, to be tried before anybody is asked, the first one first. */
  readonly transfers: readonly (readonly Edit[])[];
}

/**
 * Decides how a turn goes about: whether edits of other tasks are brought first, and which optimizer is asked, with how
 * many requests and which horizon; with `learner.meta_prompt: on` also in which wording. `learner.choice: turns` leaves it at turns, `learner.warm_start: off` at the
 * task's own edits. What is chosen, and why, is logged and counted.
 */
export async function planTurn(
  deps: LearnerDeps,
  ground: Ground,
  campaigns: readonly Campaign[],
): Promise<TurnPlan> {
  const { task } = ground.view;
  const { learner } = task.config;
  const isLearned = learner.choice !== 'turns';
  const isWarm = learner.warmStart !== 'off';
  if (!isLearned && !isWarm) return { optimizer: ground.optimizer, chosen: null, prior: null, transfers: [] };

  const lore = await readLore(deps.store, task, campaigns, new Set(optimizers.keys()));
  const transfers = isWarm ? transfersFor(deps, ground, campaigns, lore.prior) : [];
  if (!isLearned) return { optimizer: ground.optimizer, chosen: null, prior: null, transfers };
  const barren = (deps.memory.tasks.get(task.id) ?? emptyTaskMemory).barren;
  const chosen = chooseSetup(
    {
      optimizers: learner.optimizers.filter((name) => optimizers.has(name)),
      batchSizes: learner.batchSize === undefined ? batchSizes : [learner.batchSize],
      horizons: await readHorizons(deps.store, task, ground.pool),
    },
    [...lore.outcomes, ...barren],
    {
      random: deps.random,
      place: placesIn(campaigns)(deps.clock.now()),
      callsOf: (name) => optimizers.get(name)?.calls ?? 1,
      publishedBatch: (name) => optimizers.get(name)?.batchSize ?? null,
    },
  );
  const optimizer = optimizers.get(chosen.optimizer) ?? ground.optimizer;
  const wordingTurns = [...lore.wordingTurns, ...barrenWordings(barren)];
  const worded =
    learner.metaPrompt === 'on' ? { ...chosen, wording: chooseWording(wordingTurns, deps.random) } : chosen;
  return { optimizer, chosen: worded, prior: lore.prior, transfers };
}

function transfersFor(
  { logger }: Pick<LearnerDeps, 'logger'>,
  { view, prompt, incumbent }: Ground,
  campaigns: readonly Campaign[],
  prior: EffectPrior,
): readonly (readonly Edit[])[] {
  const plan = planTransfer({
    prior,
    prompt,
    incumbentEdits: incumbent.edits,
    campaigns,
    growthCharactersMax: growthCharactersMax(prompt, view.task.config.gate),
  });
  if (plan.kind === 'off') logger.info('learner.transfer-off', { taskId: view.task.id, ...plan.record });
  return plan.kind === 'try' ? plan.candidates : [];
}
