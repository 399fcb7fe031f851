/** The least share of an arm with this cap among so many: ε/K with ε = min(.02, exploreShare), or the cap if lower. */
export function armFloor(cap: number, arms: number, exploreShare: number): number {
  return Math.min(cap, Math.max(shareMin, Math.min(floorShareMax, exploreShare)) / arms);
}

const floorShareMax = 0.02;

/** Keeps every served arm above 0 even where exploring is switched off, so that propensities can be divided by. */
export const shareMin = 1e-6;

/** `total` divided so that each arm has its floor, and what is left goes by `probabilities` (which sum to 1). */
export function mixFloor(
  probabilities: readonly number[],
  floors: readonly number[],
  total: number,
): readonly number[] {
  const left = Math.max(
    0,
    floors.reduce((rest, floor) => rest - floor, total),
  );
  return probabilities.map((probability, arm) => (floors[arm] ?? 0) + left * probability);
}
