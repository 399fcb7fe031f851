import type { GraderConfig } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { Trace } from '../domain/trace.ts';
import { answerRequests, type ReplayOutcome } from './answer-requests.ts';
import type { GradedRun, Told } from './graded-run.ts';
import { missing } from './graders/grader.ts';
import { isRemote } from './graders/graders.ts';
import { isLabelled } from './pair-differences.ts';
import type { Reserve } from './purse.ts';
import type { Session } from './session.ts';
import { gradeSimilarity } from './similarity-grades.ts';
import type { TaskView } from './task-view.ts';
import { askWebhook } from './webhook-grades.ts';

/** How long answers wait for a grader that cannot be reached, milliseconds; then its grade is missing. */
const gradePatienceMs = 3_600_000;

/** A recorded request with what became of its replay. */
interface Replayed {
  readonly trace: Trace;
  readonly outcome: ReplayOutcome;
}

/** `answerRequests`, and what graders that have to ask say of the answers. */
export async function answerAndGrade(
  view: TaskView,
  session: Session,
  replays: Parameters<typeof answerRequests>[2],
  reserve: Reserve,
): Promise<readonly ReplayOutcome[]> {
  const outcomes = await answerRequests(view, session, replays, reserve);
  const replayed = replays.flatMap(({ trace }, index): Replayed[] => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : [{ trace, outcome }];
  });
  return await withRemoteGrades(replayed, view, session, reserve);
}

/**
 * Puts into answered runs the grades of those graders that have to ask: embeddings and webhooks. The grades stand in
 * `ShadowRun.grades`, in the order of the configuration, for `differencesOf` to take. A request whose grades cannot be
 * had now is skipped, and waits for another cycle, for an hour after its last answer; then they are missing, and the
 * other graders have to do. Requests that tell nothing of quality, for want of ground truth, are not graded.
 */
async function withRemoteGrades(
  replays: readonly Replayed[],
  view: TaskView,
  session: Session,
  reserve: Reserve,
): Promise<readonly ReplayOutcome[]> {
  const { graders } = view.task.config;
  const outcomes = replays.map(({ outcome }) => outcome);
  if (!graders.some(isRemote)) return outcomes;
  const runs = replays.flatMap(({ trace, outcome }): GradedRun[] => {
    const request = trace.decision.content?.request;
    const { expected } = trace;
    if (outcome.kind !== 'answered' || request === undefined || !isLabelled(view.task.config, expected))
      return [];
    return [...outcome.runs.values()].map((run) => ({ run, request, expected }));
  });
  const told = await Promise.all(
    graders.map(async (config) => await ask(config, runs, { view, session, reserve })),
  );
  return outcomes.map((outcome) => withGrades(outcome, told, session.deps.clock.now()));
}

async function ask(
  config: GraderConfig,
  runs: readonly GradedRun[],
  given: { readonly view: TaskView; readonly session: Session; readonly reserve: Reserve },
): Promise<ReadonlyMap<ShadowRun, Told>> {
  if (runs.length === 0) return new Map();
  switch (config.kind) {
    case 'similarity':
      return gradeSimilarity(config, runs, given);
    case 'webhook':
      return askWebhook(config, runs, given.view, given.session);
    case 'exact':
    case 'normalised':
    case 'numeric':
    case 'json-schema':
    case 'regex':
    case 'tool-call':
    case 'judge':
      return new Map();
  }
}

function withGrades(
  outcome: ReplayOutcome,
  told: readonly ReadonlyMap<ShadowRun, Told>[],
  nowMs: number,
): ReplayOutcome {
  if (outcome.kind !== 'answered') return outcome;
  const runs = [...outcome.runs.values()];
  const answeredAtMs = Math.max(...runs.map(({ atMs }) => atMs));
  const isOpen = runs.some((run) => told.some((grades) => grades.get(run) === 'unreachable'));
  if (isOpen && nowMs - answeredAtMs < gradePatienceMs) return { kind: 'skipped' };
  return {
    ...outcome,
    runs: new Map(
      [...outcome.runs].map(([variantId, run]) => {
        const grades = told.map((grader) => {
          const grade = grader.get(run) ?? missing('not graded');
          return grade === 'unreachable' ? missing('could not be reached') : grade;
        });
        return [variantId, { ...run, grades }];
      }),
    ),
  };
}
