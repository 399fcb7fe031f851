import { primaryLedger } from '../domain/histogram.ts';
import { isAgainstTruth, type Grade, type GraderConfig } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import type { MetricConfig, TaskConfig } from '../domain/task.ts';
import { isComparable } from './comparable.ts';
import { combineGrades, type GradePair } from './graders/combine.ts';
import { combineComparisons } from './graders/comparison.ts';
import { gradeAnswer, isDeterministic } from './graders/graders.ts';
import { measuredNames, measureOf } from './guardrails.ts';
import { judgeLedger, ratingsOf } from './judge-ledgers.ts';
import type { Comparisons } from './judge-pairs.ts';
import { notComparableLedger } from './shadow-coverage.ts';
import { callsOf } from './tool-calls.ts';

/** Differences candidate minus incumbent in [-1, 1], by ledger; a ledger that has no say is absent. */
export type Differences = Readonly<Record<string, number>>;

/** Two variants' answers to one recorded request. */
export interface AnswerPair {
  readonly candidate: ShadowRun;
  readonly incumbent: ShadowRun;
  readonly request: AgentRequest;
  readonly expected: string | null;
  /** What the agent went on with; absent or `null` where that is not known. */
  readonly recorded?: Completion | null;
  /** What the judges say of the two; absent where they were not asked. */
  readonly comparisons?: Comparisons;
}

/**
 * What one request says about the candidate in each ledger.
 * - `primary` takes the deterministic graders that scored both answers. Where the task grades against ground truth, a
 *   request without it says nothing here, so that the score means the same in every pair.
 * - `judge` takes what the judges say of the two; where there is truth to hold it against, ratings stand beside it.
 * - each guardrail that can be measured has its own, and so have latency, cost and tokens.
 * - `not-comparable` is 1 where either variant calls other tools than the agent went on with, and no grader of kind
 *   `tool-call` scores both; 0 where tools are called and there is something to say. Other calls are graded by nothing
 *   but their validity, since nobody knows what they would have led to.
 */
export function differencesOf(config: TaskConfig, pair: AnswerPair): Differences {
  const { candidate, incumbent, request, expected, comparisons = [] } = pair;
  if (!isComparable(pair)) return {};
  const differences: Record<string, number> = {};
  // Made anew, at no cost: ground truth may have come since the answers were stored, or another configuration.
  const gradesOf = ({ completion, grades: told }: ShadowRun): readonly Grade[] =>
    gradeAnswer(config.graders, { answer: completion, request, expected }, told);
  const grades: GradePair = { candidate: gradesOf(candidate), incumbent: gradesOf(incumbent) };
  const isComplete = isLabelled(config, expected);
  const calls = callsOf(pair);
  const isUsed = calls === 'other' ? isOfCalls : isDeterministic;
  const score = combineGrades(config.graders, grades, isUsed);
  const primary = isComplete ? score : undefined;
  if (calls !== 'none') differences[notComparableLedger] = calls === 'other' && score === undefined ? 1 : 0;
  if (primary !== undefined) differences[primaryLedger] = primary.candidate - primary.incumbent;
  const judged = combineComparisons(comparisons);
  if (judged !== undefined) differences[judgeLedger] = judged.difference;
  if (judged !== undefined && primary !== undefined)
    Object.assign(differences, ratingsOf({ candidate, incumbent, truth: primary, passes: judged.passes }));
  for (const name of measuredNames(config)) {
    const difference =
      measureOf(name)?.(
        { ...candidate, request, answer: candidate.completion },
        { ...incumbent, request, answer: incumbent.completion },
        config.graders,
      ) ?? metricDifference(config.metrics[name], pair);
    if (difference !== undefined) differences[name] = difference;
  }
  return differences;
}

/** What a metric's own grader makes of the two answers, positive where the candidate is better. */
function metricDifference(metric: MetricConfig | undefined, pair: AnswerPair): number | undefined {
  const grader = metric?.grader;
  if (metric === undefined || grader === undefined) return undefined;
  const { request, expected } = pair;
  const gradeOf = ({ completion }: ShadowRun): readonly Grade[] =>
    gradeAnswer([grader], { answer: completion, request, expected });
  const grades = { candidate: gradeOf(pair.candidate), incumbent: gradeOf(pair.incumbent) };
  const score = combineGrades([grader], grades, isDeterministic);
  if (score === undefined) return undefined;
  const gain = score.candidate - score.incumbent;
  return metric.optimize === 'max' ? gain : -gain;
}

function isOfCalls({ kind }: GraderConfig): boolean {
  return kind === 'tool-call';
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

/** Whether a request tells how good an answer to it truly is. */
export function isLabelled(config: Pick<TaskConfig, 'graders'>, expected: string | null): boolean {
  return canPromote(config) && (expected !== null || !needsGroundTruth(config));
}

/** Whether the task's score is incomplete without ground truth. */
export function needsGroundTruth({ graders }: Pick<TaskConfig, 'graders'>): boolean {
  return graders.some(isAgainstTruth);
}

/** Whether any grader of the task may promote. */
export function canPromote({ graders }: Pick<TaskConfig, 'graders'>): boolean {
  return graders.some(isDeterministic);
}
