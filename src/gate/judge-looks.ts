import type { ChatRequest } from '../domain/chat.ts';
import { costUsd } from '../domain/price.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { Reserve } from './purse.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { unansweredUsd } from './unanswered-spend.ts';

/** One judge looking at one pair of answers in one order. */
export interface Look {
  /** The recorded request that the answers are to. */
  readonly decisionId: string;
  /**
   * Names judge, pair and order. It stands where a variant's id would, since what a judge says is a model's answer to a
   * recorded request too: paid once, then read from the store.
   */
  readonly runId: string;
  readonly request: ChatRequest;
}

/** What came of a look; `missing` for good, `skipped` until another cycle. */
export type LookAnswer =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'missing' | 'skipped'; readonly reason: string };

/** Judge calls that may fail in a row before a cycle asks the judge no more. */
const failuresMax = 3;

/** Takes looks in order, some at a time, as far as the day's money goes. */
export async function takeLooks(
  looks: readonly Look[],
  view: TaskView,
  session: Session,
  reserve: Reserve,
): Promise<ReadonlyMap<Look, LookAnswer>> {
  const answers = new Map<Look, LookAnswer>(await readKnown(looks, view, session));
  const open = looks.filter((look) => !answers.has(look));
  const line: Line = { next: 0, failed: 0 };
  const work = async (): Promise<void> => {
    while (line.next < open.length) {
      const look = open[line.next++];
      if (look === undefined) continue;
      const reason = reasonToSkip(line, session, reserve);
      answers.set(look, reason === null ? await ask(look, view, session, line) : { kind: 'skipped', reason });
    }
  };
  // All workers have stopped before an error goes on, so that nothing is still being written behind a cycle's back.
  const ends = await Promise.allSettled(Array.from({ length: session.bounds.concurrency }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return answers;
}

/** How far the workers have come together. */
interface Line {
  next: number;
  /** Failures since the last answer. */
  failed: number;
}

function reasonToSkip({ failed }: Line, { purse }: Session, reserve: Reserve): string | null {
  if (failed >= failuresMax) return 'the judge could not be reached';
  return purse.hasMoney(reserve) ? null : 'the day’s money is spent';
}

async function readKnown(
  looks: readonly Look[],
  { task }: TaskView,
  { deps }: Session,
): Promise<readonly (readonly [Look, LookAnswer])[]> {
  const found = await Promise.all(
    [...Map.groupBy(looks, ({ runId }) => runId)].map(async ([runId, same]) => {
      const ids = same.map(({ decisionId }) => decisionId);
      const runs = await deps.store.readShadowRuns(task.id, runId, ids);
      const texts = new Map(runs.map(({ decisionId, completion }) => [decisionId, completion.text]));
      return same.flatMap((look): [Look, LookAnswer][] => {
        const text = texts.get(look.decisionId);
        return text === undefined ? [] : [[look, { kind: 'said', text }]];
      });
    }),
  );
  return found.flat();
}

async function ask(
  { request, runId, decisionId }: Look,
  { task }: TaskView,
  { deps, purse, pace }: Session,
  line: Line,
): Promise<LookAnswer> {
  const perMinute = task.config.shadow?.requestsPerMinute ?? null;
  const leave = pace.enter({ model: request.model, taskId: task.id, perMinute });
  if (leave.kind === 'wait') return { kind: 'skipped', reason: 'the judge has to wait for other traffic' };
  try {
    const { completion, usage, latencyMs, rateLimit } = await deps.model.complete(request, { retriesMax: 0 });
    pace.answered(request.model, rateLimit);
    line.failed = 0;
    const usd = costUsd(usage, deps.priceOf(request.model));
    purse.owe({ usd, judgeCalls: 1 });
    deps.telemetry.count('ratchet.learning.usd', usd, { task: task.name, kind: 'judge' });
    const paid = { taskId: task.id, variantId: runId, decisionId, completion, usage, latencyMs };
    await deps.store.saveShadowRuns([{ ...paid, costUsd: usd, grades: [], atMs: deps.clock.now() }]);
    return { kind: 'said', text: completion.text };
  } catch (error) {
    // The store's troubles end the cycle; a judge's are a gap in its evidence, and never count against an answer.
    if (!(error instanceof RatchetError) || error.code === 'store_unavailable') throw error;
    line.failed++;
    pace.failed(request.model, error);
    const usd = unansweredUsd(request, error.code, deps);
    if (usd !== null) purse.owe({ usd, judgeCalls: 1 });
    deps.logger.warn('gate.judge.failed', { taskId: task.id, code: error.code });
    return error.isRetryable
      ? { kind: 'skipped', reason: 'the judge could not be reached' }
      : { kind: 'missing', reason: 'the judge refused' };
  } finally {
    await purse.settle();
  }
}
