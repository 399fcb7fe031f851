import { givesAnswer } from './answer-form.ts';
import { lastUserText, leadingPrompt } from './conversation.ts';
import type { JudgedAnswer, JudgementPayload } from './model-payload.schema.ts';
import { extendHash, hashOf, uniformOf, type SeededHash } from './seeded-hash.ts';
import type { JudgeBehaviour, WorldInput } from './world.ts';

/** What a judge says. `winner` -1 is a tie. */
type Judgement =
  | { readonly pass: boolean; readonly reason: string }
  | { readonly winner: 0 | 1 | -1; readonly reason: string };

/** Answers `judgement` calls; `number` counts them from 0. */
export type JudgeModel = (payload: JudgementPayload, number: number) => Judgement;

/** What a judge needs to know of its world. */
export interface JudgeKnowledge {
  readonly inputOf: (text: string) => WorldInput | undefined;
  readonly facetsIn: (prompt: string) => readonly string[];
}

/**
 * A judge that knows the right answers but errs: it passes a wrong one with chance `falsePass`, fails a right one with
 * `falseFail`, and passes either more often by the bias of each facet in the conversation's prompt. Of two answers the
 * one that alone passes wins; a tie goes to the first (or the second) with chance |`orderBias`|.
 */
export function createJudgeModel(
  behaviour: JudgeBehaviour,
  knowledge: JudgeKnowledge,
  seed: number,
): JudgeModel {
  const passes = (judged: JudgedAnswer, luck: SeededHash): boolean =>
    uniformOf(luck) < passChance(judged, behaviour, knowledge);
  return (payload, number) => {
    const luck = hashOf(seed, 'judge', number);
    switch (payload.kind) {
      case 'pointwise': {
        const pass = passes(payload, luck);
        return {
          pass,
          reason: pass ? 'The answer fits the question.' : 'The answer does not fit the question.',
        };
      }
      case 'pairwise': {
        const [first, second] = payload.answers;
        const pass = [passes(first, extendHash(luck, 0)), passes(second, extendHash(luck, 1))] as const;
        const winner = winnerOf(pass, behaviour.orderBias, uniformOf(extendHash(luck, 2)));
        return { winner, reason: winner === -1 ? 'Neither answer is better.' : 'This answer fits better.' };
      }
    }
  };
}

function passChance(
  { conversation, answer }: JudgedAnswer,
  { falsePass, falseFail, facetBias }: JudgeBehaviour,
  { inputOf, facetsIn }: JudgeKnowledge,
): number {
  const input = inputOf(lastUserText(conversation));
  const isRight = input !== undefined && givesAnswer(answer, input.answer);
  const bias = facetsIn(leadingPrompt(conversation)).reduce((sum, id) => sum + (facetBias[id] ?? 0), 0);
  return (isRight ? 1 - falseFail : falsePass) + bias;
}

function winnerOf(passed: readonly [boolean, boolean], orderBias: number, uniform: number): 0 | 1 | -1 {
  if (passed[0] !== passed[1]) return passed[0] ? 0 : 1;
  if (uniform >= Math.abs(orderBias)) return -1;
  return orderBias > 0 ? 0 : 1;
}
