import type { ArmSums } from '../domain/bandit-state.ts';

/**
 * ρ, by which an arm's observed losses are weighted so that arms whose users answer rarely are not learned from less:
 * ρ_a = q̄/q̂_a, with the overall answer rate q̄ = (Σobs + 1)/(Σsel + 2) and the arm's own, shrunk towards it,
 * q̂_a = (obs_a + 5q̄)/(sel_a + 5). Inverse propensity weighting of the answer, normalised to mean about 1.
 *
 * 1 until 20 windows of the arm have closed, then clipped to [.2, 5]. Corrects answer rates that depend on the arm; it
 * cannot correct silence that depends on what the answer would have been.
 */
export function answerWeight(arms: Readonly<Record<string, ArmSums>>, variantId: string): number {
  const arm = Object.hasOwn(arms, variantId) ? arms[variantId] : undefined;
  if (arm === undefined || arm.sel < windowsMin) return 1;
  let selected = 0;
  let observed = 0;
  for (const { sel, obs } of Object.values(arms)) {
    selected += sel;
    observed += obs;
  }
  const overall = (observed + 1) / (selected + 2);
  const own = (arm.obs + 5 * overall) / (arm.sel + 5);
  return Math.min(5, Math.max(0.2, overall / own));
}

const windowsMin = 20;
