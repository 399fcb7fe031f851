import type { Horizon } from '../../domain/proposal.ts';
import { slopeBound } from '../../stats/slope-bound.ts';

/** Contrasts before which step scores are not trusted, and the slope that they must show. */
const contrastsMin = 12;
const slopeMin = 0.5;
const confidence = 0.9;

/** What one edit did, in one prompt, to the score of the steps and to that of the whole episode. */
export interface HorizonContrast {
  readonly step: number;
  readonly final: number;
}

/**
 * Which horizons may be learned from. The final score by default: it is what is tested in the end. Step scores come
 * sooner and are less noisy, but lead astray where they do not speak of the end; so only where, over at least 12
 * randomised contrasts, the slope of the final effect on the step effect is at least .5 with 90 % confidence. Errors in
 * the step effects flatten the slope, which errs on the safe side.
 */
export function horizonsFor(contrasts: readonly HorizonContrast[]): readonly Horizon[] {
  if (contrasts.length < contrastsMin) return ['episode'];
  const bound = slopeBound(
    contrasts.map(({ step, final }) => [step, final] as const),
    confidence,
  );
  return bound !== null && bound >= slopeMin ? ['episode', 'step'] : ['episode'];
}
