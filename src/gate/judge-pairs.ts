import type { AgentRequest } from '../domain/agent-request.ts';
import type { Completion } from '../domain/chat.ts';
import { contentHash } from '../domain/content-hash.ts';
import type { GraderConfig } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { Trace } from '../domain/trace.ts';
import type { ReplayOutcome } from './answer-requests.ts';
import { isComparable } from './comparable.ts';
import { comparisonOf, sameAnswers, type Comparison, type WeightedComparison } from './graders/comparison.ts';
import { rubricOf } from './graders/graders.ts';
import { isSameAnswer, judgeRequest } from './graders/judge.ts';
import { parseJudgement, type Judgement } from './graders/judgement.schema.ts';
import { takeLooks, type Look, type LookAnswer } from './judge-looks.ts';
import type { Reserve } from './purse.ts';
import type { Session } from './session.ts';
import type { TaskView } from './task-view.ts';
import { callsOf } from './tool-calls.ts';

/** Two variants' answers to one recorded request, for the judges to compare. */
export interface JudgedPair {
  /** As the agent sent it. */
  readonly request: AgentRequest;
  readonly candidate: ShadowRun;
  readonly incumbent: ShadowRun;
  /** What the agent went on with; absent where that is not known. */
  readonly recorded?: Completion;
}

/** What there is to compare of a replayed request; `undefined` where an answer is missing, or they lie too far apart. */
export function judgedPairOf(
  { decision }: Trace,
  outcome: ReplayOutcome,
  candidateId: string,
  incumbentId: string,
): JudgedPair | undefined {
  const { content } = decision;
  if (outcome.kind !== 'answered' || content === null) return undefined;
  const { request, completion: recorded } = content;
  const [candidate, incumbent] = [outcome.runs.get(candidateId), outcome.runs.get(incumbentId)];
  if (candidate === undefined || incumbent === undefined) return undefined;
  return isComparable({ candidate, incumbent }) ? { request, candidate, incumbent, recorded } : undefined;
}

/** What the task's judges say of a pair, in the order of the configuration. */
export type Comparisons = readonly WeightedComparison[];

/**
 * Has the task's judges compare pairs of answers. Each judge is asked twice, once in each order, and neither look tells
 * it whose answer is whose. Equal answers are a tie without asking; of answers that call other tools than the agent went
 * on with it is not asked, since it does not see what they would lead to. One result for each pair.
 */
export async function judgePairs(
  view: TaskView,
  session: Session,
  pairs: readonly JudgedPair[],
  reserve: Reserve,
): Promise<readonly Comparisons[]> {
  const model = session.deps.judgeModelName;
  const judges = model === null ? [] : judgesOf(view.task.config.graders);
  const planned = pairs.map((pair) =>
    callsOf(pair) === 'other' ? [] : judges.map(({ rubric }) => looksAt(pair, model ?? '', rubric)),
  );
  const answers = await takeLooks(planned.flat(2), view, session, reserve);
  return planned.map((looksByJudge) =>
    looksByJudge.map((looks, index) => ({
      weight: judges[index]?.weight ?? 1,
      comparison: looks.length === 0 ? sameAnswers : readLooks(looks.map((look) => answers.get(look))),
    })),
  );
}

/** A name for a task's judges: model, rubrics and weights. What one of them was worth says nothing of another. */
export function judgeIdOf(graders: readonly GraderConfig[], judgeModelName: string): string {
  const parts = judgesOf(graders).flatMap(({ rubric, weight }) => [rubric, String(weight)]);
  return contentHash(judgeModelName, ...parts);
}

function judgesOf(
  graders: readonly GraderConfig[],
): readonly { readonly rubric: string; readonly weight: number }[] {
  return graders.flatMap((grader) => {
    const rubric = rubricOf(grader);
    return rubric === undefined ? [] : [{ rubric, weight: grader.weight }];
  });
}

/** Forward, with the candidate's answer first, and backward; none where the answers are the same. */
function looksAt(
  { request, candidate, incumbent }: JudgedPair,
  model: string,
  rubric: string,
): readonly Look[] {
  if (isSameAnswer(candidate.completion, incumbent.completion)) return [];
  const question = contentHash(model, rubric);
  const look = (first: ShadowRun, second: ShadowRun): Look => ({
    decisionId: candidate.decisionId,
    runId: `judge:${question}:${first.variantId}:${second.variantId}`,
    request: judgeRequest(model, rubric, { request, first: first.completion, second: second.completion }),
  });
  return [look(candidate, incumbent), look(incumbent, candidate)];
}

function readLooks([forward, backward]: readonly (LookAnswer | undefined)[]): Comparison {
  const [one, other] = [readLook(forward), readLook(backward)];
  if (one.kind === 'read' && other.kind === 'read') return comparisonOf(one.judgement, other.judgement);
  // What is missing for good decides: to wait for the other look would not help.
  if (one.kind === 'missing') return one;
  if (other.kind === 'missing') return other;
  return one.kind === 'skipped' ? one : { kind: 'skipped', reason: 'asked in one order only' };
}

function readLook(
  answer: LookAnswer | undefined,
):
  | { readonly kind: 'read'; readonly judgement: Judgement }
  | { readonly kind: 'missing' | 'skipped'; readonly reason: string } {
  if (answer === undefined) return { kind: 'skipped', reason: 'the judge was not asked' };
  if (answer.kind !== 'said') return answer;
  const judgement = parseJudgement(answer.text);
  return judgement === undefined
    ? { kind: 'missing', reason: 'the judge gave no judgement' }
    : { kind: 'read', judgement };
}
