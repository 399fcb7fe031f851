import type { Arm, ServingPlan } from '../domain/plan.ts';

/** Whether the gate has judged an arm: all but those on trial. The incumbent always is, whatever its status says. */
export function isProven(arm: Arm, plan: Pick<ServingPlan, 'incumbentId'>): boolean {
  return arm.status !== 'canary' || arm.variantId === plan.incumbentId;
}

/** Indices of the proven arms, the incumbent's first: who takes traffic that others may not have. */
export function takersOf(arms: readonly Arm[], plan: Pick<ServingPlan, 'incumbentId'>): readonly number[] {
  const indices = arms.flatMap((arm, index) => (isProven(arm, plan) ? [index] : []));
  const isIncumbent = (index: number): boolean => arms[index]?.variantId === plan.incumbentId;
  return indices.toSorted((one, other) => Number(isIncumbent(other)) - Number(isIncumbent(one)));
}
