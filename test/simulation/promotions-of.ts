import { simulateWorld } from '../../src/cli/world-run/simulate-world.ts';
import { taskConfigOf } from '../../src/cli/world-run/world-task.ts';
import type { Store } from '../../src/store/store.ts';
import type { World } from '../../src/upstream/simulated/world.ts';

/** What one optimizer achieved in a run. */
export interface Promotions {
  /** Campaigns of this optimizer that were promoted. */
  readonly promoted: number;
  readonly harmful: number;
}

/** The whole loop in a world, with the budget and the graders of its own task and what `task` says beside them. */
export async function promotionsOf(
  optimizer: string,
  world: World,
  run: { readonly task: object; readonly seed: number; readonly requests: number },
): Promise<Promotions> {
  const { budget, graders } = taskConfigOf({ ...world, task: null });
  const kept: { store?: Store } = {};
  const report = await simulateWorld({
    world: {
      ...world,
      task: {
        budget: { usd_per_day: budget.usdPerDay, shadow_requests_per_day: budget.shadowRequestsPerDay },
        graders,
        ...run.task,
      },
    },
    seed: run.seed,
    requests: run.requests,
    wrapStore: (store) => {
      kept.store = store;
      return store;
    },
  });
  const [view] = (await kept.store?.readSnapshot(0))?.tasks ?? [];
  const campaigns = (view && (await kept.store?.readCampaigns(view.task.id, 'all'))) ?? [];
  const promoted = campaigns.filter(
    ({ proposal, history }) =>
      proposal.optimizer === optimizer && history.some(({ to }) => to === 'promoted'),
  );
  return { promoted: promoted.length, harmful: report.harmfulPromotions };
}

/** Runs that an optimizer has: the gate needs luck too, to prove a gain on so little traffic. */
const seeds = [1, 2, 3, 4];

/** How many edits were promoted in the first run that promoted any, and how many did harm in all runs until then. */
export async function firstPromotions(run: (seed: number) => Promise<Promotions>): Promise<Promotions> {
  let harmful = 0;
  for (const seed of seeds) {
    const found = await run(seed);
    harmful += found.harmful;
    if (found.promoted > 0) return { promoted: found.promoted, harmful };
  }
  return { promoted: 0, harmful };
}
