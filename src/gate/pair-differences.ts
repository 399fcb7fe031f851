import { primaryLedger } from '../domain/histogram.ts';
import type { Grade } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { TaskConfig } from '../domain/task.ts';
import { combineGrades, type GradePair } from './graders/combine.ts';
import { gradeAtOnce, isDeterministic } from './graders/graders.ts';
import { guardrailsOf, measureOf } from './guardrails.ts';

/** Ledger of what an uncalibrated judge thinks: good for rejecting, not for promoting. */
export const judgeLedger = 'judge';

/** Differences candidate minus incumbent in [-1, 1], by ledger; a ledger that has no say is absent. */
export type Differences = Readonly<Record<string, number>>;

/** Two variants' answers to one recorded request. */
export interface AnswerPair {
  readonly candidate: ShadowRun;
  readonly incumbent: ShadowRun;
  readonly request: AgentRequest;
  readonly expected: string | null;
}

/**
 * Longest time between the two answers of a pair, milliseconds. A model may change between them, and then their
 * difference would speak of the model.
 */
export const pairGapMsMax = 86_400_000;

/**
 * What one request says about the candidate in each ledger.
 * - `primary` takes the deterministic graders that scored both answers. Where the task grades against ground truth, a
 *   request without it says nothing here, so that the score means the same in every pair.
 * - `judge` takes the graders that ask a model.
 * - each guardrail that can be measured has its own.
 */
export function differencesOf(config: TaskConfig, pair: AnswerPair): Differences {
  const { candidate, incumbent, request, expected } = pair;
  if (Math.abs(candidate.atMs - incumbent.atMs) > pairGapMsMax) return {};
  const differences: Record<string, number> = {};
  const grades: GradePair = {
    candidate: gradesOf(config, pair, candidate),
    incumbent: gradesOf(config, pair, incumbent),
  };
  const isComplete = expected !== null || !needsGroundTruth(config);
  const primary = isComplete ? combineGrades(config.graders, grades, isDeterministic) : undefined;
  if (primary !== undefined) differences[primaryLedger] = primary.candidate - primary.incumbent;
  const judged = combineGrades(config.graders, grades, (grader) => !isDeterministic(grader));
  if (judged !== undefined) differences[judgeLedger] = judged.candidate - judged.incumbent;
  for (const { name } of guardrailsOf(config)) {
    const difference = measureOf(name)?.(
      { ...candidate, request, answer: candidate.completion },
      { ...incumbent, request, answer: incumbent.completion },
      config.graders,
    );
    if (difference !== undefined) differences[name] = difference;
  }
  return differences;
}

/** The mean of each ledger over the requests of one conversation, which together are one independent unit. */
export function averageDifferences(requests: readonly Differences[]): Differences {
  const ledgers = new Set(requests.flatMap((differences) => Object.keys(differences)));
  return Object.fromEntries(
    [...ledgers].map((ledger) => {
      const values = requests.flatMap((differences) => differences[ledger] ?? []);
      return [ledger, values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}

/** Whether the task's score is incomplete without ground truth. */
export function needsGroundTruth({ graders }: Pick<TaskConfig, 'graders'>): boolean {
  return graders.some(({ kind }) => kind === 'exact');
}

/** Whether any grader of the task may promote. */
export function canPromote({ graders }: Pick<TaskConfig, 'graders'>): boolean {
  return graders.some(isDeterministic);
}

/**
 * Deterministic grades are made anew, at no cost: ground truth may have come since the answer was stored, or the
 * configuration may have changed. A judge's grade is the one that was paid for.
 */
function gradesOf(
  { graders }: TaskConfig,
  { request, expected }: AnswerPair,
  { completion, grades }: ShadowRun,
): readonly Grade[] {
  return graders.map(
    (grader, index) =>
      gradeAtOnce(grader, { answer: completion, request, expected }) ??
      grades[index] ?? { kind: 'missing', reason: 'graded before this grader was configured' },
  );
}
