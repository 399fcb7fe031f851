/**
 * Shares with none above its cap and the same sum. What the caps cut off goes to the takers: first to the incumbent up
 * to its cap, then to the other takers in proportion to the room below their caps, and what nobody may take goes to the
 * incumbent above its cap, since all traffic has to be served. Arms on trial are no takers: another arm's cap never
 * gives them traffic. Shares at or above a floor that is no higher than the cap stay so.
 *
 * `takers` are indices, the incumbent's first; at least one.
 */
export function capShares(
  shares: readonly number[],
  caps: readonly number[],
  takers: readonly number[],
): readonly number[] {
  const capped = shares.map((share, arm) => Math.min(share, caps[arm] ?? 1));
  let excess = sum(shares) - sum(capped);
  const [incumbent, ...others] = takers;
  if (incumbent === undefined) throw new RangeError('no arm takes what caps leave');
  const give = (arm: number, amount: number): void => {
    capped[arm] = (capped[arm] ?? 0) + amount;
    excess -= amount;
  };
  const roomOf = (arm: number): number => Math.max(0, (caps[arm] ?? 1) - (capped[arm] ?? 0));
  if (excess <= 0) return capped;
  give(incumbent, Math.min(excess, roomOf(incumbent)));
  const room = sum(others.map(roomOf));
  const part = room === 0 ? 0 : Math.min(1, excess / room);
  for (const arm of others) give(arm, part * roomOf(arm));
  give(incumbent, Math.max(0, excess));
  return capped;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
