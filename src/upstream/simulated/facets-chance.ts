import { chanceOfLogit, logit } from './chance.ts';
import type { ModelBehaviour, WorldInput } from './world.ts';

/** What of a prompt matters to a model: its facets, and how many tokens it is longer than the agent's own. */
export interface PromptTraits {
  readonly facetIds: ReadonlySet<string>;
  readonly extraTokens: number;
}

/**
 * The chance p in [0, 1] of a right answer to each input:
 * logit p = logit(baseAccuracy) − difficulty + Σ effects + Σ effects on the input's segment + Σ interactions
 *           − promptTokenPenalty · extraTokens.
 */
export function chancesOf(
  model: ModelBehaviour,
  { facetIds, extraTokens }: PromptTraits,
  inputs: readonly WorldInput[],
): readonly number[] {
  const facets = model.facets.filter(({ id }) => facetIds.has(id));
  const interactions = model.interactions.filter((each) => each.facets.every((id) => facetIds.has(id)));
  const shared =
    logit(model.baseAccuracy) +
    sum(facets, ({ effect }) => effect) +
    sum(interactions, ({ effect }) => effect) -
    model.promptTokenPenalty * extraTokens;
  return inputs.map(({ difficulty, segment }) => {
    const onSegment = segment === null ? 0 : sum(facets, ({ segments }) => segments[segment] ?? 0);
    return chanceOfLogit(shared - difficulty + onSegment);
  });
}

/** Length and latency of an answer under a prompt with these facets; never below one token and 0 ms. */
export function effortOf(
  model: ModelBehaviour,
  facetIds: ReadonlySet<string>,
): { readonly outputTokens: number; readonly latencyMs: number } {
  const facets = model.facets.filter(({ id }) => facetIds.has(id));
  return {
    outputTokens: Math.max(1, Math.round(model.outputTokens + sum(facets, (facet) => facet.outputTokens))),
    latencyMs: Math.max(0, model.latencyMs + sum(facets, (facet) => facet.latencyMs)),
  };
}

function sum<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
