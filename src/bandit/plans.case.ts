import fc from 'fast-check';
import type { BanditState } from '../domain/bandit-state.ts';
import type { Arm, PlanCause, ServingPlan } from '../domain/plan.ts';
import { defaultTaskConfig, type BanditConfig } from '../domain/task.ts';
import type { FoldSettings } from '../store/bandit-fold.ts';
import { banditFold } from './fold.ts';

/** A plan of the arms given as `id: status` or `id: [status, cap]`; the incumbent is the first with that status. */
export function planOf(
  arms: Readonly<Record<string, Arm['status'] | readonly [Arm['status'], number]>>,
  version = 1,
  cause: PlanCause = { kind: 'first' },
): ServingPlan {
  const list = Object.entries(arms).map(([variantId, given]): Arm => {
    const [status, cap] = typeof given === 'string' ? [given, 1] : given;
    return { variantId, status, cap };
  });
  const incumbent = list.find(({ status }) => status === 'incumbent') ?? list[0]!;
  return {
    taskId: 'task',
    version,
    baselineVersion: 1,
    arms: list,
    incumbentId: incumbent.variantId,
    cause,
    atMs: 0,
  };
}

/** A plan of so many proven arms. */
export function provenPlan(arms: number): ServingPlan {
  return planOf(
    Object.fromEntries(
      Array.from(
        { length: arms },
        (_, arm) => [`arm${arm}`, arm === 0 ? 'incumbent' : 'superseded'] as const,
      ),
    ),
  );
}

export function settingsOf(
  plan: ServingPlan,
  given: {
    readonly bandit?: Partial<BanditConfig>;
    readonly nowMs?: number;
    readonly exploreShare?: number;
  } = {},
): FoldSettings {
  return {
    plan,
    bandit: { ...defaultTaskConfig.bandit, ...given.bandit },
    budget: { ...defaultTaskConfig.budget, exploreShare: given.exploreShare ?? 0.1 },
    nowMs: given.nowMs ?? 0,
  };
}

/** Observations by index of the arm, wrapped to the arms that a plan has. */
export interface Draw {
  readonly arm: number;
  readonly propensity: number;
  readonly reward: number;
}

export const drawArbitrary: fc.Arbitrary<Draw> = fc.record({
  arm: fc.nat(63),
  propensity: fc.double({ min: 1e-3, max: 1, noNaN: true }),
  reward: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
});

export function drawOf(plan: ServingPlan, { arm, propensity, reward }: Draw): Draw & { variantId: string } {
  return { arm, propensity, reward, variantId: plan.arms[arm % plan.arms.length]!.variantId };
}

/** Plans of 1 to 12 arms in every mixture of statuses and caps. */
export const planArbitrary: fc.Arbitrary<ServingPlan> = fc
  .array(
    fc.record({
      status: fc.constantFrom<Arm['status']>('canary', 'superseded'),
      cap: fc.oneof(fc.constantFrom(1, 0.005), fc.double({ min: 1e-3, max: 1, noNaN: true })),
    }),
    { maxLength: 11 },
  )
  .chain((others) =>
    fc.double({ min: 0.05, max: 1, noNaN: true }).map((cap) =>
      planOf({
        baseline: ['incumbent', cap],
        ...Object.fromEntries(others.map((arm, index) => [`arm${index}`, [arm.status, arm.cap] as const])),
      }),
    ),
  );

/** The state after these observations of a plan's arms. */
export function played(
  plan: ServingPlan,
  draws: readonly Draw[],
  settings: FoldSettings = settingsOf(plan),
): BanditState {
  return draws.reduce(
    (state, draw) => banditFold.observe(state, drawOf(plan, draw), settings).state,
    banditFold.start(plan),
  );
}
