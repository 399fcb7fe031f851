import { banditFold } from '../../src/bandit/fold.ts';
import { sampleArm } from '../../src/bandit/sample.ts';
import type { BanditState } from '../../src/domain/bandit-state.ts';
import type { Arm, ServingPlan } from '../../src/domain/plan.ts';
import { defaultTaskConfig } from '../../src/domain/task.ts';
import { createSeededRandom } from '../../src/runtime/seeded-random.ts';

/** Proxies that draw from probabilities that are as old as their news takes. */
export interface StaleServing {
  readonly proxies: number;
  /** Longest time that a change of the probabilities takes to a proxy, milliseconds; each proxy has its own, up to this. */
  readonly staleMs: number;
  /** Requests a second over all proxies, each of them answered. */
  readonly requestsPerSecond: number;
}

const requests = 20_000;

/** Two arms that are .1 apart and change places in the middle, so that old probabilities are wrong ones. */
const meansAt = (request: number): readonly [number, number] =>
  request < requests / 2 ? [0.5, 0.6] : [0.6, 0.5];

/**
 * Regret, the sum over requests of the best arm's mean reward minus that of the arm that served, where each proxy draws from what it has heard of, while feedback is counted in one place, as it
 * is in one database. The same seed meets the same rewards.
 */
export function staleRegret({ proxies, staleMs, requestsPerSecond }: StaleServing, seed: number): number {
  const random = createSeededRandom(seed);
  const plan = twoArms();
  const { bandit, budget } = defaultTaskConfig;
  let state = banditFold.start(plan);
  /** The probabilities after each request, the newest last: as many as the slowest proxy may still draw from. */
  const told: BanditState['routing']['probabilities'][] = [state.routing.probabilities];
  const lags = Array.from({ length: proxies }, (_, proxy) =>
    Math.round((((proxy + 1) / proxies) * staleMs * requestsPerSecond) / 1000),
  );
  const lagMax = Math.max(...lags);
  let regret = 0;
  for (let request = 0; request < requests; request++) {
    const lag = lags[request % proxies] ?? 0;
    const heard = told[Math.max(0, told.length - 1 - lag)] ?? state.routing.probabilities;
    const { variantId, propensity } = sampleArm(heard, random);
    const [first, second] = meansAt(request);
    const mean = variantId === 'arm0' ? first : second;
    regret += Math.max(first, second) - mean;
    const nowMs = (request / requestsPerSecond) * 1000;
    const reward = random.next() < mean ? 1 : 0;
    state = banditFold.closeWindows(state, [{ variantId, selected: 1, observed: 1 }]);
    state = banditFold.observe(
      state,
      { variantId, propensity, reward },
      { plan, bandit, budget, nowMs },
    ).state;
    told.push(state.routing.probabilities);
    if (told.length > lagMax + 1) told.shift();
  }
  return regret;
}

function twoArms(): ServingPlan {
  const arms: readonly Arm[] = [
    { variantId: 'arm0', status: 'incumbent', cap: 1 },
    { variantId: 'arm1', status: 'superseded', cap: 1 },
  ];
  const cause = { kind: 'first' } as const;
  return { taskId: 'task', version: 1, baselineVersion: 1, arms, incumbentId: 'arm0', cause, atMs: 0 };
}
