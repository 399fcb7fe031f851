import { simulateWorld } from '../../src/cli/world-run/simulate-world.ts';
import { createVariantTruth } from '../../src/cli/world-run/variant-truth.ts';
import { isOpen } from '../../src/domain/campaign.ts';
import type { TaskSnapshot } from '../../src/store/plan-store.ts';
import type { Experience } from '../../src/store/campaign-store.ts';
import type { Store } from '../../src/store/store.ts';
import { startWorld } from '../../src/upstream/simulated/running-world.ts';
import type { World } from '../../src/upstream/simulated/world.ts';
import { reachableValues } from './best-value.ts';
import { configOf } from './contender.ts';

/** One run of one contender on one world. */
export interface Job {
  readonly world: World;
  readonly contender: string;
  readonly seed: number;
  readonly requests: number;
  /** What other tasks have shown; absent: nothing. */
  readonly experience?: readonly Experience[];
  /** Whether to hand back what this run has shown. */
  readonly isTeacher?: boolean;
}

/** The incumbent's true value from a number of calls on. */
export interface Step {
  readonly calls: number;
  readonly value: number;
}

export interface RunResult {
  readonly world: string;
  readonly contender: string;
  readonly seed: number;
  /** Live requests. */
  readonly requests: number;
  readonly own: number;
  readonly best: number;
  /** Ascending by calls, beginning with the agent's own prompt at 0 calls. */
  readonly steps: readonly Step[];
  /** Calls of optimizer, shadow evaluation and judge in the whole run. */
  readonly calls: number;
  readonly promoted: number;
  readonly harmful: number;
  /** Optimizers of promoted proposals, one entry a promotion. */
  readonly promotedBy: readonly string[];
  readonly experience: readonly Experience[];
}

/**
 * Runs a job and follows the incumbent's true value over the calls that were made; requests stop before the world's first
 * shift, since the best prompt is another one after it.
 */
export async function run(job: Job): Promise<RunResult> {
  const { world, contender, seed } = job;
  const requests = Math.min(job.requests, world.shifts[0]?.atRequest ?? Infinity);
  const known = startWorld(world, seed);
  const { own, best } = reachableValues(world, known);
  let newest: TaskSnapshot | undefined;
  const truth = createVariantTruth(known, () => newest?.task.baseline);
  let store: Store | undefined;
  let calls = 0;
  const steps: Step[] = [{ calls: 0, value: own }];
  const report = await simulateWorld({
    world,
    seed,
    requests,
    configure: (config) => configOf(contender, config),
    wrapStore: (made) => {
      store = {
        ...made,
        addSpend: async (taskId, day, spend) => {
          calls += spend.optimizerCalls + spend.shadowRequests + spend.judgeCalls;
          await made.addSpend(taskId, day, spend);
        },
        readExperience: async ({ limit }) => (job.experience ?? []).slice(0, limit),
      };
      return store;
    },
    onRequest: (_request, snapshot) => {
      if (snapshot === undefined) return;
      newest = snapshot;
      const incumbent = snapshot.variants.find(({ id }) => id === snapshot.plan.incumbentId);
      const value = incumbent === undefined ? own : truth.valueOf(incumbent);
      if (Math.abs(value - (steps.at(-1)?.value ?? own)) > 1e-9) steps.push({ calls, value });
    },
  });
  const campaigns = newest === undefined ? [] : ((await store?.readCampaigns(newest.task.id, 'all')) ?? []);
  const { baseline } = newest?.task ?? {};
  return {
    world: world.name,
    contender,
    seed,
    requests,
    own,
    best,
    steps,
    calls,
    promoted: report.campaigns.promoted,
    harmful: report.harmfulPromotions,
    promotedBy: campaigns.flatMap(({ state, proposal }) =>
      state === 'promoted' ? [proposal.optimizer] : [],
    ),
    experience:
      job.isTeacher === true && baseline !== undefined
        ? campaigns
            .filter(({ state }) => !isOpen(state))
            .toReversed()
            .map((campaign) => ({ campaign, baseline }))
        : [],
  };
}
