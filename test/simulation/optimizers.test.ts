import { beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { simulateWorld } from '../../src/cli/world-run/simulate-world.ts';
import { taskConfigOf } from '../../src/cli/world-run/world-task.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import type { Store } from '../../src/store/store.ts';
import { loadWorld } from '../../src/upstream/simulated/load-world.ts';
import type { World } from '../../src/upstream/simulated/world.ts';

/** Runs that an optimizer has: the gate needs luck too, to prove a gain on so little traffic. */
const seeds = [1, 2, 3, 4];
const requests = 1_400;

let world: World;
beforeAll(async () => {
  world = await loadWorld(join(packageRoot(), 'worlds', 'contract-clauses.json'));
});

interface Solo {
  /** Campaigns of this optimizer that were promoted. */
  readonly promoted: number;
  readonly harmfulPromotions: number;
}

/** The whole loop with one optimizer alone. */
async function runAlone(optimizer: string, seed: number): Promise<Solo> {
  const { budget, graders } = taskConfigOf({ ...world, task: null });
  const kept: { store?: Store } = {};
  const report = await simulateWorld({
    world: {
      ...world,
      task: {
        budget: { usd_per_day: budget.usdPerDay, shadow_requests_per_day: budget.shadowRequestsPerDay },
        graders,
        learner: { optimizers: [optimizer] },
      },
    },
    seed,
    requests,
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
  return { promoted: promoted.length, harmfulPromotions: report.harmfulPromotions };
}

describe('each optimizer alone', () => {
  it.each([
    'opro',
    'textual-gradient',
    'protegi',
    'textgrad',
    'mipro',
    'gepa',
    'evo',
    'evo-de',
    'simba',
    'reflexion',
  ])('%s proposes an edit that the gate promotes, and none that does harm', async (optimizer) => {
    let promoted = 0;
    for (const seed of seeds) {
      const solo = await runAlone(optimizer, seed);
      expect(solo.harmfulPromotions).toBe(0);
      promoted += solo.promoted;
      if (promoted > 0) break;
    }
    expect(promoted).toBeGreaterThan(0);
  });
});
