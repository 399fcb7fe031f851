import { observationWindowMs } from '../../domain/observation-window.ts';
import type { ClosedWindow } from '../bandit-fold.ts';
import type { EpisodeRow, LedgerTask } from './ledger-rows.ts';
import type { Ledger } from './ledger.ts';
import { foldSettings, isRetired, type LedgerRules } from './settle-episode.ts';

/** Episodes decided at or before this moment have had their time to be answered. */
export function windowsEndMs({ delaysMs, config }: LedgerTask, nowMs: number): number {
  return nowMs - observationWindowMs(delaysMs, config.gate.attributionWindowMs);
}

/**
 * Counts drawn episodes whose window has ended as selected, and as observed if their first feedback came within the
 * window. Each is marked in the same unit of work, so it counts once. Retired ones are marked and do not count.
 */
export function closeWindows(
  ledger: Ledger,
  task: LedgerTask,
  episodes: readonly EpisodeRow[],
  { fold }: LedgerRules,
): void {
  const windowMs = observationWindowMs(task.delaysMs, task.config.gate.attributionWindowMs);
  const counts = new Map<string, ClosedWindow>();
  for (const episode of episodes) {
    ledger.saveEpisode({ ...episode, isWindowClosed: true });
    const { draw, answeredAtMs } = episode;
    if (draw === null || isRetired(task, draw)) continue;
    const { variantId, decidedAtMs } = draw;
    const count = counts.get(variantId) ?? { variantId, selected: 0, observed: 0 };
    const isObserved = answeredAtMs !== null && answeredAtMs - decidedAtMs <= windowMs;
    counts.set(variantId, {
      variantId,
      selected: count.selected + 1,
      observed: count.observed + (isObserved ? 1 : 0),
    });
  }
  if (counts.size > 0)
    ledger.saveTask({ ...task, bandit: fold.closeWindows(task.bandit, [...counts.values()]) });
}

/** Lets the routing of a task take the step that is due by time alone. */
export function tickRouting(ledger: Ledger, task: LedgerTask, { fold, nowMs }: LedgerRules): void {
  const bandit = fold.tick(task.bandit, foldSettings(task, nowMs));
  if (bandit !== task.bandit) ledger.saveTask({ ...task, bandit });
}
