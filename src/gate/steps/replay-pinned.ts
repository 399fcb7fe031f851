import type { PinnedWatch, WatchEvent } from '../../domain/gate-state.ts';
import type { Trace } from '../../domain/trace.ts';
import { baselineVariantId, makeVariant } from '../../domain/variant.ts';
import type { GateChange } from '../../store/campaign-store.ts';
import { answerRequests } from '../answer-requests.ts';
import { archiveOf } from '../archive.ts';
import { answerDistance } from '../behaviour.ts';
import { afterRound, isRoundDue, roundMs, startPinned } from '../pinned-watch.ts';
import type { Reserve } from '../purse.ts';
import type { Session } from '../session.ts';
import { nextGateState, type TaskView } from '../task-view.ts';
import { queueTrials } from '../trials.ts';
import type { Step } from './step.ts';

/** Requests of a set where the task does not say, and the fewest that are worth asking. */
const pinnedDefault = 20;
const pinnedMin = 5;

/** Recorded requests that a set is chosen from, for each one in it: equal inputs are taken once. */
const poolFactor = 5;

/** Share of the day's budget that pinned requests leave alone. */
const pinnedReserve: Reserve = 0.5;

/**
 * Asks a few recorded requests again every day, with the agent's own prompt: if answers turn out unlike those of the
 * first day, upstream has changed the model without a word. Only while an edit serves, since otherwise nothing hangs on
 * it; only requests whose text is recorded. The task remembers their names alone: what retention deletes is forgotten,
 * and when half of a set is gone, another one begins.
 */
export const replayPinned: Step = async (view, session) => {
  const { task, plan, gateState } = view;
  const size = task.config.gate.pinnedRequests ?? pinnedDefault;
  const nowMs = session.deps.clock.now();
  if (size === 0 || plan.arms.length < 2 || task.baseline.version !== plan.baselineVersion) return null;
  const known = gateState.pinned;
  if (known === undefined || known.baselineVersion !== plan.baselineVersion)
    return await pinRequests(size, view, session);
  if (!isRoundDue(known, nowMs)) return null;
  const traces = await session.deps.store.readTraces({
    taskId: task.id,
    decisionIds: known.decisionIds,
    order: 'oldest',
    limit: known.decisionIds.length,
  });
  const usable = traces.filter(({ decision }) => decision.content !== null);
  if (usable.length * 2 < known.decisionIds.length) return await pinRequests(size, view, session);
  const asked = await askRound(known, usable, view, session);
  // Too few answers tell nothing; where that lasts, other requests may do better.
  if (asked === null || asked.answered * 2 < usable.length)
    return nowMs - known.roundAtMs < 2 * roundMs ? null : await pinRequests(size, view, session);
  const { pinned, isChanged } = afterRound(known, asked.likenesses, nowMs);
  return isChanged
    ? await tellChange(view, session)
    : { taskId: task.id, gateState: nextGateState(view, { pinned }) };
};

async function pinRequests(size: number, view: TaskView, { deps }: Session): Promise<GateChange | null> {
  const { task, plan } = view;
  const traces = await deps.store.readTraces({
    taskId: task.id,
    baselineVersion: plan.baselineVersion,
    order: 'newest',
    limit: poolFactor * size,
  });
  const distinct = new Map(traces.map(({ decision }) => [decision.inputHash, decision.decisionId]));
  const ids = [...distinct.values()].slice(0, size);
  if (ids.length < Math.min(size, pinnedMin)) return null;
  const pinned = startPinned(plan.baselineVersion, ids, deps.clock.now());
  return { taskId: task.id, gateState: nextGateState(view, { pinned }) };
}

/** What a round has brought. */
interface Round {
  readonly answered: number;
  /** Of each answer to that of the first round, in [0, 1]; none in the first round itself. */
  readonly likenesses: readonly number[];
}

/** Asks a round; `null` where some answers could not be had by now. */
async function askRound(
  pinned: PinnedWatch,
  traces: readonly Trace[],
  view: TaskView,
  session: Session,
): Promise<Round | null> {
  const { task } = view;
  // The agent's own prompt under a name of its own, so that each round is asked anew and paid once.
  const own = { ...makeVariant(task.id, view.plan.baselineVersion, []), id: roundId(pinned, pinned.rounds) };
  const replays = traces.map((trace) => ({ trace, variants: [own] }));
  const outcomes = await answerRequests(view, session, replays, pinnedReserve);
  if (outcomes.some(({ kind }) => kind === 'skipped')) return null;
  const ids = traces.map(({ decision }) => decision.decisionId);
  const first = await session.deps.store.readShadowRuns(task.id, roundId(pinned, 0), ids);
  const likenesses = traces.flatMap((trace, index): number[] => {
    const outcome = outcomes[index];
    const request = trace.decision.content?.request;
    const before = first.find(({ decisionId }) => decisionId === trace.decision.decisionId);
    const after = outcome?.kind === 'answered' ? outcome.runs.get(own.id) : undefined;
    if (before === undefined || after === undefined || request === undefined) return [];
    const given = { request, graders: task.config.graders };
    return [1 - answerDistance(before.completion, after.completion, given)];
  });
  return {
    answered: outcomes.filter(({ kind }) => kind === 'answered').length,
    likenesses: pinned.rounds === 0 ? [] : likenesses,
  };
}

function roundId({ startedAtMs }: PinnedWatch, round: number): string {
  return `pinned:${startedAtMs}:${round}`;
}

/** An event for people, evidence for the next alarm, earlier variants to be tried again, and a new set. */
async function tellChange(view: TaskView, { deps }: Session): Promise<GateChange> {
  const { task, gateState, plan } = view;
  const atMs = deps.clock.now();
  const event: WatchEvent = {
    taskId: task.id,
    atMs,
    variantId: baselineVariantId,
    cause: 'upstream-drift',
    action: 'reset',
    toVariantId: null,
    guard: 'pinned',
  };
  deps.logger.warn('gate.model-changed', { taskId: task.id });
  const archive = archiveOf(await deps.store.readCampaigns(task.id, 'all'), plan, atMs);
  const { pinned: _changed, ...rest } = gateState;
  return {
    taskId: task.id,
    watchEvents: [event],
    gateState: nextGateState(
      { gateState: rest },
      { modelChangedAtMs: atMs, trials: queueTrials(gateState.trials ?? [], archive) },
    ),
  };
}
