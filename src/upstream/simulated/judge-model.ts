import { givesAnswer } from './answer-form.ts';
import { lastUserText, leadingPrompt } from './conversation.ts';
import type { JudgedAnswer, JudgementPayload } from './model-payload.schema.ts';
import { extendHash, hashOf, uniformOf, type SeededHash } from './seeded-hash.ts';
import type { JudgeBehaviour, WorldInput } from './world.ts';

/** What a judge says. */
type Judgement =
  | { readonly pass: boolean; readonly reason: string }
  | {
      readonly first_passes: boolean;
      readonly second_passes: boolean;
      readonly better: 'first' | 'second' | 'neither';
      readonly reason: string;
    };

/** Answers `judgement` calls; `number` counts them from 0. */
export type JudgeModel = (payload: JudgementPayload, number: number) => Judgement;

/** What a judge needs to know of its world. */
export interface JudgeKnowledge {
  readonly inputOf: (text: string) => WorldInput | undefined;
  readonly facetsIn: (prompt: string) => readonly string[];
  /** Facets that show in an answer, whatever its prompt was. */
  readonly facetsShown: (answer: string) => readonly string[];
}

/**
 * A judge that knows the right answers but errs: it passes a wrong one with chance `falsePass`, fails a right one with
 * `falseFail`, and passes either more often by the bias of each facet. The facets of a single answer are those of its
 * conversation's prompt; of two answers, whose prompts it does not see, those that show in the answers. Of two the one
 * that alone passes wins; a tie goes to the first (or the second) with chance |`orderBias`|.
 */
export function createJudgeModel(
  behaviour: JudgeBehaviour,
  knowledge: JudgeKnowledge,
  seed: number,
): JudgeModel {
  const passes = (judged: JudgedAnswer, facetIds: readonly string[], luck: SeededHash): boolean =>
    uniformOf(luck) < passChance(judged, facetIds, behaviour, knowledge);
  return (payload, number) => {
    const luck = hashOf(seed, 'judge', number);
    switch (payload.kind) {
      case 'pointwise': {
        const pass = passes(payload, knowledge.facetsIn(leadingPrompt(payload.conversation)), luck);
        return {
          pass,
          reason: pass ? 'The answer fits the question.' : 'The answer does not fit the question.',
        };
      }
      case 'pairwise': {
        const { conversation, answers } = payload;
        const passesAs = (answer: string, place: number): boolean =>
          passes({ conversation, answer }, knowledge.facetsShown(answer), extendHash(luck, place));
        const pass = [passesAs(answers[0], 0), passesAs(answers[1], 1)] as const;
        const better = betterOf(pass, behaviour.orderBias, uniformOf(extendHash(luck, 2)));
        const reason =
          better === 'neither' ? 'Neither answer is better.' : `The ${better} answer fits better.`;
        return { first_passes: pass[0], second_passes: pass[1], better, reason };
      }
    }
  };
}

function passChance(
  { conversation, answer }: JudgedAnswer,
  facetIds: readonly string[],
  { falsePass, falseFail, facetBias }: JudgeBehaviour,
  { inputOf }: Pick<JudgeKnowledge, 'inputOf'>,
): number {
  const input = inputOf(lastUserText(conversation));
  const isRight = input !== undefined && givesAnswer(answer, input.answer);
  const bias = facetIds.reduce((sum, id) => sum + (facetBias[id] ?? 0), 0);
  return (isRight ? 1 - falseFail : falsePass) + bias;
}

function betterOf(
  passed: readonly [boolean, boolean],
  orderBias: number,
  uniform: number,
): 'first' | 'second' | 'neither' {
  if (passed[0] !== passed[1]) return passed[0] ? 'first' : 'second';
  if (uniform >= Math.abs(orderBias)) return 'neither';
  return orderBias > 0 ? 'first' : 'second';
}
