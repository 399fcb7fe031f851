import type { Facet, FacetShift, FacetsWorld, ModelBehaviour, ModelShift } from './world.ts';

/** The model as the shifts up to and including a live request have left it. */
export function modelAt(world: FacetsWorld, request: number): ModelBehaviour {
  return world.shifts.filter(({ atRequest }) => atRequest <= request).reduce(shiftModel, world.model);
}

/** The prompt, slots unfilled, that the agent sends at a live request. */
export function systemPromptAt(world: FacetsWorld, request: number): string {
  const shipped = world.agent.promptChange.findLast(({ atRequest }) => atRequest <= request);
  return shipped?.systemPrompt ?? world.agent.systemPrompt;
}

function shiftModel(model: ModelBehaviour, shift: ModelShift): ModelBehaviour {
  return {
    ...model,
    baseAccuracy: shift.baseAccuracy ?? model.baseAccuracy,
    consistency: shift.consistency ?? model.consistency,
    promptTokenPenalty: shift.promptTokenPenalty ?? model.promptTokenPenalty,
    outputTokens: shift.outputTokens ?? model.outputTokens,
    latencyMs: shift.latencyMs ?? model.latencyMs,
    facets: model.facets.map((facet) => shiftFacet(facet, shift.facets[facet.id])),
  };
}

function shiftFacet(facet: Facet, shift: FacetShift | undefined): Facet {
  if (shift === undefined) return facet;
  return {
    ...facet,
    effect: shift.effect ?? facet.effect,
    segments: shift.segments ?? facet.segments,
    outputTokens: shift.outputTokens ?? facet.outputTokens,
    latencyMs: shift.latencyMs ?? facet.latencyMs,
  };
}
