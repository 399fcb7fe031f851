import type { RewardSums, RewardWindow } from '../domain/gate-state.ts';

/** Rewards of one block; a window covers the last 250 to 500. */
export const windowBlock = 250;

/** Rewards below which a window gives no level. */
const levelRewardsMin = 30;

const noRewards: RewardSums = { count: 0, sum: 0, squares: 0 };

export const emptyWindow: RewardWindow = { previous: noRewards, current: noRewards };

/** Adds a reward in [0, 1]; when a block is full, it becomes the previous one. */
export function addReward({ previous, current }: RewardWindow, reward: number): RewardWindow {
  const isFull = current.count === windowBlock;
  const { count, sum, squares } = isFull ? noRewards : current;
  return {
    previous: isFull ? current : previous,
    current: { count: count + 1, sum: sum + reward, squares: squares + reward ** 2 },
  };
}

/**
 * The level μ₀ that a window vouches for: its mean minus one standard error, in [0, 1]; 0 below 30 rewards, a level
 * that nothing can fall below.
 */
export function levelOf({ previous, current }: RewardWindow): number {
  const count = previous.count + current.count;
  if (count < levelRewardsMin) return 0;
  const mean = (previous.sum + current.sum) / count;
  const variance = Math.max(0, (previous.squares + current.squares - count * mean ** 2) / (count - 1));
  return Math.min(1, Math.max(0, mean - Math.sqrt(variance / count)));
}
