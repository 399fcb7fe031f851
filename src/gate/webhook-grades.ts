import { conversationOf } from '../domain/agent-request.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { Grade, WebhookGraderConfig } from '../domain/grader.ts';
import { RatchetError } from '../domain/ratchet-error.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { GradedRun, Told } from './graded-run.ts';
import { missing } from './graders/grader.ts';
import { gradeOfAnswer } from './graders/webhook.schema.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';

/** Calls that may fail in a row before a cycle asks the service no more. */
const failuresMax = 3;

/**
 * Has a service of the user's score answers, some at a time. It sees what a judge sees: the request as the agent sent it,
 * and the answer, never whose it is. What it said of an answer is stored and stands.
 */
export async function askWebhook(
  config: WebhookGraderConfig,
  runs: readonly GradedRun[],
  view: TaskView,
  session: Session,
): Promise<ReadonlyMap<ShadowRun, Told>> {
  const told = new Map<ShadowRun, Told>(await readKnown(config, runs, view, session));
  const open = runs.filter(({ run }) => !told.has(run));
  const line: Line = { next: 0, failed: 0 };
  const work = async (): Promise<void> => {
    while (line.next < open.length) {
      const graded = open[line.next++];
      if (graded === undefined) continue;
      const isGivenUp = line.failed >= failuresMax;
      told.set(graded.run, isGivenUp ? 'unreachable' : await ask(config, graded, { view, session, line }));
    }
  };
  // All workers have stopped before an error goes on, so that nothing is still being written behind a cycle's back.
  const ends = await Promise.allSettled(Array.from({ length: session.bounds.concurrency }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return told;
}

interface Line {
  next: number;
  /** Failures since the last answer. */
  failed: number;
}

/** Stands where a variant's id would: what a service says of an answer is an answer to a recorded request too. */
function gradeIdOf({ url }: WebhookGraderConfig, { run, expected }: GradedRun): string {
  return `webhook:${contentHash(url, JSON.stringify(expected))}:${run.variantId}`;
}

async function readKnown(
  config: WebhookGraderConfig,
  runs: readonly GradedRun[],
  { task }: TaskView,
  { deps }: Session,
): Promise<readonly (readonly [ShadowRun, Grade])[]> {
  const found = await Promise.all(
    [...Map.groupBy(runs, (graded) => gradeIdOf(config, graded))].map(async ([gradeId, same]) => {
      const ids = same.map(({ run }) => run.decisionId);
      const stored = await deps.store.readShadowRuns(task.id, gradeId, ids);
      const grades = new Map(stored.map(({ decisionId, grades: [grade] }) => [decisionId, grade]));
      return same.flatMap(({ run }): [ShadowRun, Grade][] => {
        const grade = grades.get(run.decisionId);
        return grade === undefined ? [] : [[run, grade]];
      });
    }),
  );
  return found.flat();
}

async function ask(
  config: WebhookGraderConfig,
  graded: GradedRun,
  given: { readonly view: TaskView; readonly session: Session; readonly line: Line },
): Promise<Told> {
  const { view, session, line } = given;
  const { deps } = session;
  if (deps.webhooks === undefined) return missing('webhooks cannot be called here');
  const { run, request, expected } = graded;
  const { text, toolCalls, refusal } = run.completion;
  const body = {
    task: view.task.name,
    conversation: conversationOf(request),
    answer: { text, tool_calls: toolCalls, refusal },
    expected,
  };
  const { url, timeoutMs, secretEnv } = config;
  const startedAtMs = deps.clock.now();
  try {
    const said = await deps.webhooks.post({
      url,
      timeoutMs,
      body,
      ...(secretEnv === undefined ? {} : { secretEnv }),
    });
    line.failed = 0;
    const grade = gradeOfAnswer(said);
    const atMs = deps.clock.now();
    await deps.store.saveShadowRuns([
      {
        taskId: view.task.id,
        variantId: gradeIdOf(config, graded),
        decisionId: run.decisionId,
        completion: { text: '', toolCalls: [], finishReason: null, refusal: null },
        usage: { inputTokens: 0, outputTokens: 0 },
        latencyMs: atMs - startedAtMs,
        costUsd: 0,
        grades: [grade],
        atMs,
      },
    ]);
    return grade;
  } catch (error) {
    // The store's troubles end the cycle; a service's are a gap in its evidence, and never count against an answer.
    if (!(error instanceof RatchetError) || error.code === 'store_unavailable') throw error;
    line.failed++;
    deps.logger.warn('gate.webhook.failed', { taskId: view.task.id, code: error.code });
    return error.isRetryable ? 'unreachable' : missing(error.message);
  }
}
