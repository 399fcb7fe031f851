import { costUsd } from '../domain/price.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import { gradeAnswer } from './graders/graders.ts';
import type { Leave } from './pace.ts';
import type { Reserve } from './purse.ts';
import { planReplay, runKey, type PlannedCall, type PlannedReplay, type Replay } from './replay-plan.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { unansweredUsd } from './unanswered-spend.ts';

/**
 * What became of a replay.
 * - `answered`: the first variant's run is there, and that of each other one that could answer. Those that are `waiting`
 *   may answer in another cycle;
 * - `skipped`: the budget is spent or upstream is down; another cycle may have more luck;
 * - `unusable`: it cannot be replayed, now or later.
 */
export type ReplayOutcome =
  | {
      readonly kind: 'answered';
      readonly runs: ReadonlyMap<string, ShadowRun>;
      /** Absent: nobody. */
      readonly waiting?: ReadonlySet<string>;
    }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'unusable' };

/** What became of a replay for some of its variants: it waits until all of them have answered, or cannot. */
export function outcomeFor(outcome: ReplayOutcome, variantIds: readonly string[]): ReplayOutcome {
  const isWaiting = outcome.kind === 'answered' && variantIds.some((id) => outcome.waiting?.has(id) === true);
  return isWaiting ? { kind: 'skipped' } : outcome;
}

/**
 * Answers recorded requests off the user's path, some at a time, as far as the day's budget and the pace of upstream go.
 * An answer that is stored is never asked for again; a new one is stored as soon as it is there. The variants of one
 * request answer in random order, so that nothing that changes with time favours one of them. A variant that fails
 * where others answer holds up none of them, and a request that failed before comes last. One outcome for each replay.
 */
export async function answerRequests(
  view: TaskView,
  session: Session,
  replays: readonly Replay[],
  reserve: Reserve,
): Promise<readonly ReplayOutcome[]> {
  const known = await readKnownRuns(view, session, replays);
  const work: Work = {
    view,
    session,
    reserve,
    answered: 0,
    isStopped: false,
    failures: [],
    misses: new Map(),
  };
  const order = inOrder(replays, work);
  const plans = new Map(
    order.map((place) => {
      const replay = replays[place];
      return [place, replay && planReplay(replay, { view, session, known, reserve })] as const;
    }),
  );
  const outcomes: ReplayOutcome[] = replays.map(() => ({ kind: 'skipped' }));
  const left = order.values();
  const answerInTurn = async (): Promise<void> => {
    for (const place of left) {
      const plan = plans.get(place);
      if (plan !== undefined && !work.isStopped) outcomes[place] = await carryOut(plan, work);
    }
  };
  // All workers have stopped before an error goes on, so that nothing is still being written behind a cycle's back.
  const ends = await Promise.allSettled(Array.from({ length: session.bounds.concurrency }, answerInTurn));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  // Where nothing was answered, a failure speaks of our key or of upstream, not of these requests or variants.
  if (work.answered > 0)
    for (const { variantId, decisionId } of work.failures)
      session.patience.failed({ taskId: view.task.id, variantId }, decisionId);
  return work.answered > 0 || work.failures.length === 0
    ? outcomes
    : outcomes.map((outcome) => (outcome.kind === 'unusable' ? { kind: 'skipped' } : outcome));
}

/** One answering: its means, and how far its workers have come together. */
interface Work {
  readonly view: TaskView;
  readonly session: Session;
  readonly reserve: Reserve;
  answered: number;
  /** Whether upstream or our own limits leave no room for further calls. */
  isStopped: boolean;
  readonly failures: { readonly variantId: string; readonly decisionId: string }[];
  /** Failures in a row, by variant. */
  readonly misses: Map<string, number>;
}

/** Failures in a row after which an answering asks a variant no more that others are not compared with. */
const missesMax = 2;

/** Places of the replays, those last on which somebody has failed. */
function inOrder(replays: readonly Replay[], { view, session }: Work): readonly number[] {
  const hasFailed = ({ trace, variants }: Replay): boolean =>
    variants.some(
      ({ id }) =>
        session.patience.triesOf({ taskId: view.task.id, variantId: id }, trace.decision.decisionId) > 0,
    );
  const late = new Set(replays.flatMap((replay, place) => (hasFailed(replay) ? [place] : [])));
  const places = replays.map((_replay, place) => place);
  return [...places.filter((place) => !late.has(place)), ...late];
}

async function readKnownRuns(
  { task }: TaskView,
  { deps }: Session,
  replays: readonly Replay[],
): Promise<ReadonlyMap<string, ShadowRun>> {
  const wanted = new Map<string, string[]>();
  for (const { trace, variants } of replays)
    for (const { id } of variants) wanted.set(id, [...(wanted.get(id) ?? []), trace.decision.decisionId]);
  const runs = await Promise.all(
    [...wanted].map(async ([variantId, ids]) => await deps.store.readShadowRuns(task.id, variantId, ids)),
  );
  return new Map(runs.flat().map((run) => [runKey(run.variantId, run.decisionId), run]));
}

async function carryOut(
  { kind, replay, runs, calls, waiting }: PlannedReplay,
  work: Work,
): Promise<ReplayOutcome> {
  if (kind !== 'calls') return { kind };
  const [reference] = replay.variants;
  const all = new Map(runs);
  const late = new Set(waiting);
  for (const call of calls) {
    const isMissed = (work.misses.get(call.variantId) ?? 0) >= missesMax && call.variantId !== reference?.id;
    const outcome: CallOutcome = isMissed ? { kind: 'skipped' } : await makeCall(call, replay, work);
    if (outcome.kind === 'answered') all.set(call.variantId, outcome.run);
    else if (call.variantId === reference?.id) return outcome;
    else if (outcome.kind === 'skipped') late.add(call.variantId);
  }
  const isNobodyThere = [...all.keys()].every((id) => id === reference?.id);
  return isNobodyThere && late.size > 0
    ? { kind: 'skipped' }
    : { kind: 'answered', runs: all, waiting: late };
}

type CallOutcome =
  { readonly kind: 'answered'; readonly run: ShadowRun } | { readonly kind: 'skipped' | 'unusable' };

async function makeCall(call: PlannedCall, replay: Replay, work: Work): Promise<CallOutcome> {
  const { session, reserve, view } = work;
  const { variantId, request } = call;
  const { decisionId } = replay.trace.decision;
  if (work.isStopped || !session.purse.hasMoney(reserve)) return { kind: 'skipped' };
  const leave = session.pace.enter({
    model: request.model,
    taskId: view.task.id,
    perMinute: view.task.config.shadow?.requestsPerMinute ?? null,
  });
  if (leave.kind === 'wait') return stop(leave, work);
  try {
    const run = await answerOne(call, replay, work);
    work.answered++;
    work.misses.delete(variantId);
    session.patience.answered({ taskId: view.task.id, variantId });
    await session.deps.store.saveShadowRuns([run]);
    return { kind: 'answered', run };
  } catch (error) {
    // The store's troubles end the cycle; a model's are a gap in the evidence, and never count against a variant.
    if (!(error instanceof RatchetError) || error.code === 'store_unavailable') throw error;
    session.pace.failed(request.model, error);
    // Too many requests say nothing of this one.
    if (error.code !== 'upstream_overloaded') {
      work.failures.push({ variantId, decisionId });
      work.misses.set(variantId, (work.misses.get(variantId) ?? 0) + 1);
    }
    const usd = unansweredUsd(request, error.code, session.deps);
    if (usd !== null) session.purse.owe({ usd, shadowRequests: 1 });
    session.deps.logger.warn('gate.replay.failed', { taskId: view.task.id, variantId, code: error.code });
    return { kind: error.isRetryable ? 'skipped' : 'unusable' };
  } finally {
    await session.purse.settle();
  }
}

function stop({ why }: Extract<Leave, { readonly kind: 'wait' }>, work: Work): CallOutcome {
  const { deps } = work.session;
  work.isStopped = true;
  deps.telemetry.count('ratchet.shadow.yields', 1, { task: work.view.task.name, reason: why });
  return { kind: 'skipped' };
}

async function answerOne(
  { variantId, request }: PlannedCall,
  { trace }: Replay,
  { view, session }: Work,
): Promise<ShadowRun> {
  const { task } = view;
  const { deps, purse, tally, pace } = session;
  // Not tried again at once: the time of an answer would then be that of two, and upstream would not get its pause.
  const { completion, usage, latencyMs, rateLimit } = await deps.model.complete(request, { retriesMax: 0 });
  pace.answered(request.model, rateLimit);
  const usd = costUsd(usage, deps.priceOf(request.model));
  purse.owe({ usd, shadowRequests: 1 });
  tally({ shadowRequests: 1 });
  deps.telemetry.count('ratchet.shadow.requests', 1, { task: task.name });
  deps.telemetry.count('ratchet.learning.usd', usd, { task: task.name, kind: 'shadow' });
  const subject = { answer: completion, request, expected: trace.expected };
  const grades = gradeAnswer(task.config.graders, subject);
  const { decisionId } = trace.decision;
  const atMs = deps.clock.now();
  return { taskId: task.id, variantId, decisionId, completion, usage, latencyMs, costUsd: usd, grades, atMs };
}
