import type { PinnedWatch } from '../domain/gate-state.ts';
import {
  alarmThreshold,
  shiryaevRobertsValue,
  startMartingales,
  stepMartingales,
} from '../stats/e-shiryaev-roberts.ts';

/** Rounds after the first, by which is known how much answers differ by themselves. */
const levelRounds = 3;

/** How far the mean likeness may fall before that counts as a change. */
const pinnedSlack = 0.05;

/** Pause between two rounds, milliseconds. */
export const roundMs = 86_400_000;

/** A set of requests of which nothing has been asked yet. `startedAtMs` also names it. */
export function startPinned(
  baselineVersion: number,
  decisionIds: readonly string[],
  startedAtMs: number,
): PinnedWatch {
  return {
    baselineVersion,
    decisionIds,
    startedAtMs,
    rounds: 0,
    roundAtMs: startedAtMs,
    level: 0,
    likeness: { count: 0, sum: 0, squares: 0 },
    martingales: startMartingales(),
  };
}

/** Whether a round is due: the first four follow one another, since they must meet one model; then one a day. */
export function isRoundDue({ rounds, roundAtMs }: PinnedWatch, nowMs: number): boolean {
  return rounds <= levelRounds || nowMs - roundAtMs >= roundMs;
}

/**
 * After one more round. `likenesses`: of each answer to that of the first round, in [0, 1]; none in the first round
 * itself. Three rounds give the level μ₀ (mean minus one standard error); from then on the e-Shiryaev-Roberts process of
 * the watch runs over them, with ε = .05, and is looked at once a round. Within a round requests differ in how stable
 * their answers are; the product of their factors is then at most that of equal ones (the mean of logarithms is at most
 * the logarithm of the mean), so a false alarm comes no sooner than after 10,000 answers on average: 500 days of 20.
 */
export function afterRound(
  pinned: PinnedWatch,
  likenesses: readonly number[],
  nowMs: number,
): { readonly pinned: PinnedWatch; readonly isChanged: boolean } {
  const next = { ...pinned, rounds: pinned.rounds + 1, roundAtMs: nowMs };
  if (pinned.rounds === 0) return { pinned: next, isChanged: false };
  if (pinned.rounds <= levelRounds) {
    const likeness = likenesses.reduce(
      ({ count, sum, squares }, value) => ({
        count: count + 1,
        sum: sum + value,
        squares: squares + value ** 2,
      }),
      pinned.likeness,
    );
    return { pinned: { ...next, likeness, level: levelOf(likeness) }, isChanged: false };
  }
  const martingales = likenesses.reduce<readonly number[]>(
    (values, likeness) => stepMartingales(values, likeness, pinned.level, pinnedSlack),
    pinned.martingales,
  );
  const isChanged = shiryaevRobertsValue(martingales) >= alarmThreshold;
  return { pinned: { ...next, martingales }, isChanged };
}

function levelOf({ count, sum, squares }: PinnedWatch['likeness']): number {
  if (count < 2) return 0;
  const mean = sum / count;
  const variance = Math.max(0, (squares - count * mean ** 2) / (count - 1));
  return Math.min(1, Math.max(0, mean - Math.sqrt(variance / count)));
}
