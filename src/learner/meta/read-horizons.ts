import { editKey } from '../../domain/edit-key.ts';
import type { Horizon } from '../../domain/proposal.ts';
import type { Task } from '../../domain/task.ts';
import type { Trace } from '../../domain/trace.ts';
import { creditOfEdits, type CreditObservation } from '../../stats/edit-credit.ts';
import type { EpisodeOutcome } from '../../store/outcome-store.ts';
import type { Store } from '../../store/store.ts';
import { horizonsFor, type HorizonContrast } from './choose-horizon.ts';

/** Answered episodes that contrasts are read from, the newest ones. */
const episodesMax = 5000;

/** Answered episodes that are compared with one another, beside plan version and segment. */
const bucketSize = 500;

/**
 * Horizons that a task may learn from: what its configuration names; `episode` where conversations have one request, or
 * where no metric of the steps is named; else what randomised contrasts say.
 */
export async function readHorizons(
  store: Pick<Store, 'readEpisodeOutcomes' | 'readVariant'>,
  { id, config }: Task,
  pool: readonly Trace[],
): Promise<readonly Horizon[]> {
  const { horizon, stepMetric } = config.learner;
  if (horizon !== undefined) return [horizon];
  if (stepMetric === undefined || !pool.some(isOfLongerEpisode)) return ['episode'];
  const outcomes = await store.readEpisodeOutcomes({
    taskId: id,
    hasReward: true,
    order: 'newest',
    limit: episodesMax,
  });
  const names = [...new Set(outcomes.map(({ variantId }) => variantId))];
  const variants = await Promise.all(names.map(async (name) => await store.readVariant(id, name)));
  const edits = new Map(
    variants.flatMap((variant) =>
      variant === undefined ? [] : [[variant.id, [...new Set(variant.edits.map(editKey))]] as const],
    ),
  );
  return horizonsFor(contrastsOf(outcomes, stepMetric, edits));
}

/** Whether a request is part of a conversation with a name. */
export function isOfLongerEpisode({ decision }: Trace): boolean {
  return decision.episodeId !== decision.decisionId;
}

/**
 * What each edit did to both scores, in each prompt that it was added to: prompts that differ in this edit alone, drawn
 * at random for the same traffic (`stats/edit-credit.ts`), never by guess which call of an episode was at fault.
 */
export function contrastsOf(
  outcomes: readonly EpisodeOutcome[],
  stepMetric: string,
  edits: ReadonlyMap<string, readonly string[]>,
): readonly HorizonContrast[] {
  const both = outcomes.filter(
    ({ reward, values, variantId }) =>
      reward !== null && values[stepMetric] !== undefined && edits.has(variantId),
  );
  const observe = (scoreOf: (outcome: EpisodeOutcome) => number): readonly CreditObservation[] =>
    both.map((outcome, index) => ({
      variantId: outcome.variantId,
      edits: edits.get(outcome.variantId) ?? [],
      reward: Math.min(1, Math.max(0, scoreOf(outcome))),
      propensity: outcome.propensity,
      stratum: `${outcome.planVersion} ${Math.floor(index / bucketSize)} ${outcome.segment ?? ''}`,
    }));
  const finals = effectsOf(observe(({ reward }) => reward ?? 0));
  const steps = effectsOf(observe(({ values }) => values[stepMetric] ?? 0));
  return [...finals].flatMap(([key, final]) => {
    const step = steps.get(key);
    return step === undefined ? [] : [{ step, final }];
  });
}

/** Effects by edit and prompt. */
function effectsOf(observations: readonly CreditObservation[]): ReadonlyMap<string, number> {
  return new Map(
    creditOfEdits(observations).flatMap(({ edit, contexts }) =>
      contexts.flatMap(({ context, contrast }) =>
        contrast.kind === 'contrast' ? [[JSON.stringify([edit, context]), contrast.estimate] as const] : [],
      ),
    ),
  );
}
