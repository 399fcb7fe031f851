import { editKey } from '../domain/edit-key.ts';
import type { Edit } from '../domain/edit.ts';
import type { Trial, WatchEvent } from '../domain/gate-state.ts';
import { countOf } from '../domain/histogram.ts';
import type { GateChange } from '../store/campaign-store.ts';
import { archiveOf } from './archive.ts';
import { burstFeedbacksMax, burstPairsMin, decidePrunings, type Contest } from './burst.ts';
import { noteContests, type Investigation } from './investigation.ts';
import { pruningsOf, type Pruning } from './prunings.ts';
import { readContests, replayBurst, type Burst } from './replay-burst.ts';
import type { Session } from './session.ts';
import { nextGateState, type TaskView } from './task-view.ts';
import { queueTrials } from './trials.ts';
import { resetWatch, startWatch } from './watch.ts';

/**
 * No place of retreat is better, which does not say that all arms are hurt alike: the incumbent may be better still
 * than everything before it, and better yet without one of its edits. So it answers beside itself without each of them.
 * A prompt that has never served is no way back; it is proposed, and has to prove itself like any other.
 */
export async function searchHurtEdit(
  { investigation, burst, contests }: Search,
  view: TaskView,
  session: Session,
): Promise<GateChange | null> {
  const { variant, opponents, alarm } = investigation;
  const looked = new Set(opponents.map(({ id }) => id));
  const prunings = variant === undefined ? [] : pruningsOf(variant, looked);
  const hasReplays = contests.some(({ differences }) => countOf(differences) >= burstPairsMin);
  if (burst === undefined || prunings.length === 0 || !hasReplays)
    return await reportDrift(investigation.variantId, view, session, { prunings });
  const second: Burst = {
    ...burst,
    ledgerId: `${burst.ledgerId}:without`,
    opponents: prunings.map((pruning) => pruning.variant),
  };
  await replayBurst(second, view, session);
  const found = await readContests(second, session);
  const isOver = view.bandit.feedbacks - (alarm.atFeedback ?? 0) >= burstFeedbacksMax;
  const decision = decidePrunings(found, isOver, burst.target.tolerance);
  switch (decision.kind) {
    case 'continue':
      return noteContests(investigation, [...contests, ...found], view);
    case 'none':
      return await reportDrift(investigation.variantId, view, session, { prunings: [] });
    case 'hurt-edit': {
      const pruning = prunings.find((each) => each.variant.id === decision.variantId);
      const findings =
        pruning === undefined ? { prunings: [] } : { prunings: [pruning], hurt: pruning.without };
      return await reportDrift(investigation.variantId, view, session, findings);
    }
  }
}

/** An alarm for which no place of retreat was found to be better. */
export interface Search {
  readonly investigation: Investigation;
  readonly burst: Burst | undefined;
  readonly contests: readonly Contest[];
}

/** What a drift leaves to be tried: prompts without an edit, first; and the edit that is known to be hurt. */
export interface DriftFindings {
  readonly prunings: readonly Pruning[];
  readonly hurt?: Edit;
}

/**
 * Nothing to go back to: an event for people, new levels for the watch, and what was good once is tried anew. The model
 * got worse for every arm, or for one edit of the incumbent, which then is a regression of that edit.
 */
export async function reportDrift(
  variantId: string,
  view: TaskView,
  { deps }: Session,
  { prunings, hurt }: DriftFindings,
): Promise<GateChange> {
  const { task, gateState, plan } = view;
  const guard = gateState.watch?.arms[variantId]?.alarm?.guard;
  const atMs = deps.clock.now();
  const event: WatchEvent = {
    taskId: task.id,
    atMs,
    variantId,
    cause: hurt === undefined ? 'upstream-drift' : 'regression',
    action: 'reset',
    toVariantId: null,
    ...(hurt === undefined ? {} : { editKey: editKey(hurt) }),
    ...(guard === undefined ? {} : { guard }),
  };
  deps.logger.warn(hurt === undefined ? 'gate.upstream-drift' : 'gate.edit-hurt', {
    taskId: task.id,
    variantId,
  });
  const watch = resetWatch(gateState.watch ?? startWatch);
  const archive = archiveOf(await deps.store.readCampaigns(task.id, 'all'), plan, atMs);
  const without = prunings.map(({ variant }): Trial => ({ variant, origin: 'archive', atMs }));
  const trials = queueTrials(gateState.trials ?? [], [...without, ...archive]);
  return { taskId: task.id, watchEvents: [event], gateState: nextGateState(view, { watch, trials }) };
}
