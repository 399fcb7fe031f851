import { countCampaign } from '../campaign-telemetry.ts';
import { nextGateState } from '../task-view.ts';
import { dueTrials, trialCampaign } from '../trials.ts';
import type { Step } from './step.ts';

/** Opens campaigns for what the gate found by itself: edits without worth, and earlier variants after a drift. */
export const openTrials: Step = async (view, { deps }) => {
  const waiting = view.gateState.trials ?? [];
  if (waiting.length === 0) return null;
  const all = await deps.store.readCampaigns(view.task.id, 'all');
  const { due, left } = dueTrials(waiting, view, all);
  if (due.length === 0 && left.length === waiting.length) return null;
  const known = new Set(all.map(({ id }) => id));
  const newCampaigns = due
    .map((trial) => trialCampaign(trial, view, deps.clock.now()))
    .filter(({ id }) => !known.has(id));
  for (const _ of newCampaigns) countCampaign(deps, view, 'proposed');
  return { taskId: view.task.id, newCampaigns, gateState: nextGateState(view, { trials: left }) };
};
