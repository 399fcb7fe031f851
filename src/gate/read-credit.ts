import type { CreditReport } from '../domain/credit-report.ts';
import { baselineVariantId } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { Store } from '../store/store.ts';
import { creditOfTask } from './credit.ts';
import { findVariant, incumbentOf } from './task-view.ts';

/** Answered episodes that are read, the newest ones. */
const episodesMax = 5000;

/** Plans that are searched for the first one of this baseline. */
const plansMax = 200;

/** Reads what has served under the present baseline, and gives each edit its credit. */
export async function readCredit(
  view: TaskSnapshot,
  store: Pick<Store, 'readPlans' | 'readVariant' | 'readEpisodeOutcomes'>,
  atMs: number,
): Promise<CreditReport> {
  const { task, plan, bandit } = view;
  const plans = await store.readPlans(task.id, plansMax);
  const present = plans.filter(({ baselineVersion }) => baselineVersion === plan.baselineVersion);
  const outcomes = await store.readEpisodeOutcomes({
    taskId: task.id,
    planVersionMin: Math.min(plan.version, ...present.map(({ version }) => version)),
    hasReward: true,
    order: 'newest',
    limit: episodesMax,
  });
  const ids = [...new Set([...outcomes.map(({ variantId }) => variantId), baselineVariantId])];
  const found = await Promise.all(ids.map(async (id) => await findVariant(view, store, id)));
  return creditOfTask(
    {
      outcomes,
      variants: found.flatMap((variant) => variant ?? []),
      incumbent: incumbentOf(view),
      baseline: task.baseline.skeleton,
      mde: task.config.gate.mde,
    },
    { atMs, atFeedback: bandit.feedbacks },
  );
}
