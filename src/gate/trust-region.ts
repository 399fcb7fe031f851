import type { ScreeningCheck, ScreeningLimit } from '../domain/campaign.ts';
import { growthLimits, tokensFree } from '../domain/growth-limit.ts';
import { tokenDistance, tokenize } from '../stats/token-distance.ts';

/** The range that the relative edit radius r may move in. */
export const radiusRange: readonly [number, number] = [0.05, 0.5];

/** The prompts that a step leads between, slots as `{{name}}`. */
export interface StepTexts {
  readonly candidate: string;
  /** The prompt that the proposal extends. */
  readonly parent: string;
  readonly baseline: string;
}

/**
 * How far one step may go: token Levenshtein distance from the parent ≤ max(r·longer text, 48), length ≤ max(1.25 ×
 * parent, parent + 48) and ≤ max(1.5 × baseline, baseline + 400), all in tokens of `stats/token-distance.ts`.
 */
export function stepChecks(texts: StepTexts, radius: number): readonly ScreeningCheck[] {
  const { edits, tokensMax } = tokenDistance(texts.parent, texts.candidate);
  const candidate = tokenize(texts.candidate).length;
  const parent = tokenize(texts.parent).length;
  const baseline = tokenize(texts.baseline).length;
  const { byParent, byBaseline } = growthLimits({ parent, baseline });
  return [
    atMost('edit-tokens', edits, Math.max(radius * tokensMax, tokensFree)),
    atMost('tokens-over-parent', candidate, byParent),
    atMost('tokens-over-baseline', candidate, byBaseline),
  ];
}

/** A check that passes while the value does not exceed the bound. */
export function atMost(limit: ScreeningLimit, value: number, bound: number): ScreeningCheck {
  return { limit, value, bound, isPassed: value <= bound };
}

/** How a campaign ended, as far as the next step's size is concerned. */
export type StepOutcome = 'promoted' | 'harmful' | 'futile' | 'neutral';

const radiusFactor: Readonly<Record<StepOutcome, number>> = {
  promoted: 1.5,
  harmful: 0.5,
  futile: 0.9,
  neutral: 1,
};

/** Success lets steps grow, harm halves them; the result stays in `radiusRange`. */
export function nextRadius(radius: number, outcome: StepOutcome): number {
  const [least, most] = radiusRange;
  return Math.min(most, Math.max(least, radius * radiusFactor[outcome]));
}
