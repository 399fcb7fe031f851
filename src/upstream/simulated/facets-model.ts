import { createAnswerDraw } from './answer-draw.ts';
import { chanceGivenInput, inputLuck, isRight } from './chance.ts';
import { chancesOf, effortOf } from './facets-chance.ts';
import { modelAt, systemPromptAt } from './facets-timeline.ts';
import type { Moment } from './moment.ts';
import { normalQuantile } from './normal.ts';
import { extraTokensOf } from './own-prompt.ts';
import { createPhraseFinder } from './phrases.ts';
import type { QualityModel } from './quality-model.ts';
import { remember } from './remember.ts';
import type { TokenCount } from './token-count.ts';
import type { FacetsWorld, ModelBehaviour } from './world.ts';
import { answersTo } from './wrong-answers.ts';

/** A model whose accuracy depends on phrases in the prompt. */
export interface FacetsModel extends QualityModel {
  /** The chance p in [0, 1] of a right answer to each input, over all luck, at this moment. */
  readonly chances: (prompt: string) => readonly number[];
}

/** What a prompt is worth within one phase of the world. */
interface Rating {
  readonly chances: readonly number[];
  /** Φ⁻¹ of each chance. */
  readonly quantiles: readonly number[];
  readonly trueValue: number;
  readonly outputTokens: number;
  readonly latencyMs: number;
}

/** Prompts whose ratings are kept, in each phase. */
const ratingsMax = 20_000;

/** The model as it is within one phase. */
interface Standing {
  readonly phase: number;
  readonly model: ModelBehaviour;
  readonly ratingOf: (prompt: string) => Rating;
}

/** The model of a facets world; `facets-chance.ts` and `chance.ts` have the formulas. */
export function createFacetsModel(
  world: FacetsWorld,
  { seed, moment, countTokens }: { seed: number; moment: Moment; countTokens: TokenCount },
): FacetsModel {
  const { inputs, slots } = world.agent;
  const { facets, wrongAnswers } = world.model;
  const inputLucks = inputs.map(({ text }) => inputLuck(seed, text));
  const wrongPool = wrongAnswers.length > 0 ? wrongAnswers : answersTo(inputs);
  const drawAnswer = createAnswerDraw(seed, { inputs, inputLucks }, () => wrongPool);
  const findFacets = createPhraseFinder(facets);
  const facetIdsOf = remember(
    (prompt) => new Set(findFacets(prompt).flatMap((index) => facets[index]?.id ?? [])),
    ratingsMax,
  );

  const rate = (prompt: string, model: ModelBehaviour, systemPrompt: string): Rating => {
    const facetIds = facetIdsOf(prompt);
    // Counting tokens is most of the work for a prompt that is new, so it is left out where nothing hangs on it.
    const extraTokens =
      model.promptTokenPenalty === 0 ? 0 : extraTokensOf(prompt, { systemPrompt, slots }, countTokens);
    const chances = chancesOf(model, { facetIds, extraTokens }, inputs);
    const quantiles = chances.map(normalQuantile);
    const total = quantiles.reduce(
      (sum, quantile, index) => sum + chanceGivenInput(quantile, model.consistency, inputLucks[index] ?? 0),
      0,
    );
    return { chances, quantiles, trueValue: total / inputs.length, ...effortOf(model, facetIds) };
  };
  const standingNow = (): Standing => {
    const model = modelAt(world, moment.request());
    const systemPrompt = systemPromptAt(world, moment.request());
    const ratingOf = remember((prompt) => rate(prompt, model, systemPrompt), ratingsMax);
    return { phase: moment.phase(), model, ratingOf };
  };
  let standing = standingNow();
  const now = (): Standing => {
    if (standing.phase !== moment.phase()) standing = standingNow();
    return standing;
  };

  return {
    inputs,
    facetsIn: (prompt) => [...facetIdsOf(prompt)],
    chances: (prompt) => now().ratingOf(prompt).chances,
    trueValue: (prompt) => now().ratingOf(prompt).trueValue,
    answer: (prompt, input) => {
      const { model, ratingOf } = now();
      const { quantiles, outputTokens, latencyMs } = ratingOf(prompt);
      const drawn = drawAnswer(prompt, input, (luck) =>
        isRight(quantiles[input] ?? 0, model.consistency, luck),
      );
      return { ...drawn, outputTokens, latencyMs };
    },
  };
}
