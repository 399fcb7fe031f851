import { applyEdits } from '../domain/apply-edits.ts';
import { isLearningHeld } from '../domain/gate-state.ts';
import { skeletonText } from '../domain/skeleton.ts';
import { dayOf } from '../domain/spend.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import type { TaskSnapshot } from '../store/plan-store.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { isAskDue } from './backoff.ts';
import { usdLeft } from './budget.ts';
import { chooseOptimizer } from './choose-optimizer.ts';
import type { LearnerDeps } from './learner-deps.ts';
import { emptyTaskMemory, type LearnerMoment } from './learner-memory.ts';
import { roomFor } from './meta/pace.ts';
import type { Optimizer } from './optimizer.ts';
import { optimizers } from './optimizers/optimizers.ts';
import { isSettled, promptCharactersMax, type SkipReason } from './readiness.ts';
import type { Standing } from './scores.ts';
import { meanRewardOf, rewardedCount, rewardedTracesMin, showableTraces } from './trace-selection.ts';

/** Newest recorded requests that are read: with a reward, and with ground truth. */
const rewardedMax = 300;
const expectedMax = 100;

/** A task that something can be proposed for, and what with. */
export interface Ground {
  readonly kind: 'ready';
  readonly view: TaskSnapshot;
  readonly incumbent: Variant;
  /** The incumbent's prompt, slots as `{{name}}`. */
  readonly prompt: string;
  readonly optimizer: Optimizer;
  /** Campaigns that may be opened, ≥ 1. */
  readonly room: number;
  /** What the optimizer may show, newest first. */
  readonly traces: readonly Trace[];
  /** All recorded requests that were read, of whichever variant, newest first. */
  readonly pool: readonly Trace[];
  /** Where the scores of earlier changes are fastened. */
  readonly standing: Standing;
  readonly moment: LearnerMoment;
}

/** Whether it makes sense to ask about a task now; what costs nothing is checked first. */
export async function findGround(
  deps: LearnerDeps,
  view: TaskSnapshot,
): Promise<Ground | { readonly kind: 'skipped'; readonly reason: SkipReason }> {
  const { task, plan, variants } = view;
  const memory = deps.memory.tasks.get(task.id) ?? emptyTaskMemory;
  const moment = momentOf(view, deps.clock.now());
  const incumbent = variants.find(({ id }) => id === plan.incumbentId);
  if (incumbent === undefined || !isSettled(view)) return skip('baseline-unsettled');
  const optimizer = chooseOptimizer(task.config.learner.optimizers, optimizers, memory.turn);
  if (optimizer === undefined) return skip('no-optimizer');
  if (!isAskDue(memory, moment, voicesOf(task.config.learner))) return skip('waiting');
  if (isLearningHeld(plan, await deps.store.readGateState(task.id))) return skip('paused');

  const skeleton = applyEdits(task.baseline.skeleton, incumbent.edits);
  if (skeleton === undefined) return skip('incumbent-unfit');
  const prompt = skeletonText(skeleton);
  if (prompt.length > promptCharactersMax) return skip('prompt-too-long');

  const open = await deps.store.readCampaigns(task.id, 'open');
  const room = roomFor(task.config.learner, open);
  if (room <= 0) return skip('campaigns-open');
  const spent = await deps.store.readSpend(task.id, dayOf(moment.nowMs));
  if (usdLeft(spent, task.config.budget) <= 0) return skip('budget-spent');
  const pool = await readPool(deps.store, view, moment.nowMs);
  if (rewardedCount(pool) < rewardedTracesMin) return skip('few-rewards');
  const standing = { incumbentId: incumbent.id, meanReward: meanRewardOf(pool, incumbent.id) };
  const traces = showableTraces(pool, incumbent.id);
  return { kind: 'ready', view, incumbent, prompt, optimizer, room, traces, pool, standing, moment };
}

/** Optimizers that may each say that there is nothing new before the next call waits longer. */
function voicesOf({ choice, optimizers: names }: TaskSnapshot['task']['config']['learner']): number {
  return choice === 'turns' ? 1 : names.filter((name) => optimizers.has(name)).length;
}

function skip(reason: SkipReason): { readonly kind: 'skipped'; readonly reason: SkipReason } {
  return { kind: 'skipped', reason };
}

function momentOf({ task, plan, bandit }: TaskSnapshot, nowMs: number): LearnerMoment {
  return {
    feedbacks: bandit.feedbacks,
    incumbentKey: `${task.baseline.version} ${plan.incumbentId}`,
    nowMs,
  };
}

/** The newest traces of this version of the baseline that say something about quality, newest first. */
async function readPool(
  store: TraceStore,
  { task }: TaskSnapshot,
  untilMs: number,
): Promise<readonly Trace[]> {
  const query = {
    taskId: task.id,
    untilMs,
    baselineVersion: task.baseline.version,
    order: 'newest',
  } as const;
  const rewarded = await store.readTraces({ ...query, hasReward: true, limit: rewardedMax });
  const expected = await store.readTraces({ ...query, hasExpected: true, limit: expectedMax });
  const known = new Set(rewarded.map(({ decision }) => decision.decisionId));
  return [...rewarded, ...expected.filter(({ decision }) => !known.has(decision.decisionId))].toSorted(
    (one, other) => other.decision.atMs - one.decision.atMs,
  );
}
