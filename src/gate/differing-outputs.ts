import { conversationOf } from '../domain/agent-request.ts';
import { textOf, type Completion } from '../domain/chat.ts';
import type { Grade } from '../domain/grader.ts';
import type { ShadowRun } from '../domain/shadow-run.ts';
import type { Trace } from '../domain/trace.ts';

/** Examples of each kind that a person is shown: where the candidate scores better, worse, and just otherwise. */
const examplesOfKindMax = 3;

/** A request that candidate and incumbent answered differently. */
export interface DifferingOutput {
  readonly decisionId: string;
  readonly segment: string | null;
  /** The last message of the conversation. */
  readonly input: string;
  readonly expected: string | null;
  readonly incumbent: string;
  readonly candidate: string;
  /** Sign of the candidate's grades minus the incumbent's, as they were given when the answers came. */
  readonly difference: -1 | 0 | 1;
}

/** A recorded request with both answers to it. */
export interface AnsweredTwice {
  readonly trace: Trace;
  readonly candidate: ShadowRun;
  readonly incumbent: ShadowRun;
}

/** The first few of each kind, losses before gains: whoever decides should see what gets worse. */
export function differingOutputs(answered: readonly AnsweredTwice[]): readonly DifferingOutput[] {
  const differing = answered.flatMap(({ trace, candidate, incumbent }): DifferingOutput[] => {
    const request = trace.decision.content?.request;
    const [mine, other] = [outputOf(candidate.completion), outputOf(incumbent.completion)];
    if (request === undefined || mine === other) return [];
    return [
      {
        decisionId: trace.decision.decisionId,
        segment: trace.decision.segment,
        input: textOf(conversationOf(request).at(-1)?.content),
        expected: trace.expected,
        incumbent: other,
        candidate: mine,
        difference: signOf(scoreOf(candidate.grades) - scoreOf(incumbent.grades)),
      },
    ];
  });
  return ([-1, 1, 0] as const).flatMap((sign) =>
    differing.filter(({ difference }) => difference === sign).slice(0, examplesOfKindMax),
  );
}

function outputOf({ text, toolCalls, refusal }: Completion): string {
  const calls = toolCalls.map((call) => `${call.name}(${call.arguments})`);
  return [text, ...(refusal === null ? [] : [refusal]), ...calls].filter((part) => part !== '').join('\n');
}

function scoreOf(grades: readonly Grade[]): number {
  return grades.reduce((sum, grade) => sum + (grade.kind === 'score' ? grade.score : 0), 0);
}

function signOf(value: number): -1 | 0 | 1 {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}
