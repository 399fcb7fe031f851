import type { AgentRequest } from '../domain/agent-request.ts';
import { costUsd } from '../domain/price.ts';
import type { Random } from '../domain/random.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { Trace } from '../domain/trace.ts';
import type { Variant } from '../domain/variant.ts';
import { gradeAnswer } from './graders/graders.ts';
import type { Reserve } from './purse.ts';
import { replayRequest } from './replay-request.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { unansweredUsd } from './unanswered-spend.ts';

/** A recorded request and the variants that are to answer it. */
export interface Replay {
  readonly trace: Trace;
  readonly variants: readonly Variant[];
}

/**
 * What became of a replay.
 * - `answered`: every variant's run is there;
 * - `skipped`: the budget is spent or upstream is down; another cycle may have more luck;
 * - `unusable`: it cannot be replayed, now or later.
 */
export type ReplayOutcome =
  | { readonly kind: 'answered'; readonly runs: ReadonlyMap<string, ShadowRun> }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'unusable' };

/** Failed calls after which a cycle asks upstream no more. */
const failuresMax = 3;

/**
 * Answers recorded requests off the user's path, in order, some at a time, as far as the day's budget goes. An answer
 * that is stored is never asked for again; a new one is stored as soon as it is there. The variants of one request
 * answer in random order, so that nothing that changes with time favours one of them. One outcome for each replay.
 */
export async function answerRequests(
  view: TaskView,
  session: Session,
  replays: readonly Replay[],
  reserve: Reserve,
): Promise<readonly ReplayOutcome[]> {
  const known = await readKnownRuns(view, session, replays);
  const plans = replays.map((replay): Planned => planReplay(view, session, { replay, known, reserve }));
  const line: Line = { next: 0, answered: 0, failed: 0 };
  const outcomes: ReplayOutcome[] = plans.map(() => ({ kind: 'skipped' }));
  const work = async (): Promise<void> => {
    while (line.next < plans.length && line.failed < failuresMax) {
      const place = line.next++;
      const plan = plans[place];
      if (plan !== undefined) outcomes[place] = await carryOut(plan, { view, session, reserve, line });
    }
  };
  // All workers have stopped before an error goes on, so that nothing is still being written behind a cycle's back.
  const ends = await Promise.allSettled(Array.from({ length: session.bounds.concurrency }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  // Where nothing was answered, a lasting refusal speaks of our key or of upstream, not of these requests.
  return line.answered > 0 || line.failed === 0
    ? outcomes
    : outcomes.map((outcome) => (outcome.kind === 'unusable' ? { kind: 'skipped' } : outcome));
}

interface Planned {
  readonly kind: 'calls' | 'skipped' | 'unusable';
  readonly replay: Replay;
  readonly runs: ReadonlyMap<string, ShadowRun>;
  readonly calls: readonly { readonly variantId: string; readonly request: AgentRequest }[];
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

function planReplay(
  { task }: TaskView,
  { deps, purse }: Session,
  given: {
    readonly replay: Replay;
    readonly known: ReadonlyMap<string, ShadowRun>;
    readonly reserve: Reserve;
  },
): Planned {
  const { replay, known, reserve } = given;
  const { decisionId } = replay.trace.decision;
  const runs = new Map<string, ShadowRun>();
  const calls: { variantId: string; request: AgentRequest }[] = [];
  for (const { id, edits } of replay.variants) {
    const run = known.get(runKey(id, decisionId));
    const request = run === undefined ? replayRequest(replay.trace, task, edits) : undefined;
    if (run !== undefined) runs.set(id, run);
    else if (request === undefined) {
      deps.telemetry.count('ratchet.shadow.unusable', 1, { task: task.name });
      return { kind: 'unusable', replay, runs, calls: [] };
    } else calls.push({ variantId: id, request });
  }
  if (calls.length > 0 && !purse.take(calls.length, reserve))
    return { kind: 'skipped', replay, runs, calls: [] };
  return { kind: 'calls', replay, runs, calls: shuffle(calls, deps.random) };
}

/** How far the workers of one answering have come together. */
interface Line {
  next: number;
  answered: number;
  failed: number;
}

async function carryOut(
  { kind, replay, runs, calls }: Planned,
  given: {
    readonly view: TaskView;
    readonly session: Session;
    readonly reserve: Reserve;
    readonly line: Line;
  },
): Promise<ReplayOutcome> {
  const { view, session, reserve, line } = given;
  if (kind !== 'calls') return { kind };
  const all = new Map(runs);
  for (const { variantId, request } of calls) {
    if (!session.purse.hasMoney(reserve)) return { kind: 'skipped' };
    try {
      const run = await answerOne(view, session, { replay, variantId, request });
      line.answered++;
      all.set(variantId, run);
      await session.deps.store.saveShadowRuns([run]);
    } catch (error) {
      // The store's troubles end the cycle; a model's are a gap in the evidence, and never count against a variant.
      if (!(error instanceof RatchetError) || error.code === 'store_unavailable') throw error;
      line.failed++;
      const usd = unansweredUsd(request, error.code, session.deps);
      if (usd !== null) session.purse.owe({ usd, shadowRequests: 1 });
      session.deps.logger.warn('gate.replay.failed', { taskId: view.task.id, variantId, code: error.code });
      return { kind: error.isRetryable ? 'skipped' : 'unusable' };
    } finally {
      await session.purse.settle();
    }
  }
  return { kind: 'answered', runs: all };
}

async function answerOne(
  { task }: TaskView,
  { deps, purse, tally }: Session,
  given: { readonly replay: Replay; readonly variantId: string; readonly request: AgentRequest },
): Promise<ShadowRun> {
  const { replay, variantId, request } = given;
  const { completion, usage, latencyMs } = await deps.model.complete(request);
  const usd = costUsd(usage, deps.priceOf(request.model));
  purse.owe({ usd, shadowRequests: 1 });
  tally({ shadowRequests: 1 });
  deps.telemetry.count('ratchet.shadow.requests', 1, { task: task.name });
  deps.telemetry.count('ratchet.learning.usd', usd, { task: task.name, kind: 'shadow' });
  const subject = { answer: completion, request, expected: replay.trace.expected };
  const grades = gradeAnswer(task.config.graders, subject);
  const { decisionId } = replay.trace.decision;
  const atMs = deps.clock.now();
  return { taskId: task.id, variantId, decisionId, completion, usage, latencyMs, costUsd: usd, grades, atMs };
}

function runKey(variantId: string, decisionId: string): string {
  return `${variantId} ${decisionId}`;
}

/** Fisher-Yates. */
function shuffle<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const place = Math.floor(random.next() * (last + 1));
    const [moved] = shuffled.splice(place, 1);
    if (moved !== undefined) shuffled.push(moved);
  }
  return shuffled;
}
