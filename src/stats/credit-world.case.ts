import type { Random } from '../domain/random.ts';
import type { CreditObservation } from './edit-credit.ts';

/** Effects of the edits of the world below on the mean reward. */
export const editEffects: Readonly<Record<string, number>> = { brevity: 0.05, examples: -0.03, tone: 0.02 };

/** What a log is drawn with. */
export interface CreditWorld {
  readonly episodes: number;
  /** Added where `brevity` and `examples` come together. */
  readonly interaction: number;
  /** Rewards are 0 or 1, or grades within .2 of their mean. */
  readonly rewards: 'binary' | 'graded';
}

/**
 * Which prompts are live in each fifth of the log, with the share that the newest one grows towards. Edits come one
 * after the other, and are rarely alone.
 */
const plans: readonly (readonly (readonly string[])[])[] = [
  [[], ['brevity']],
  [[], ['brevity'], ['brevity', 'examples']],
  [[], ['brevity'], ['examples'], ['brevity', 'examples']],
  [['brevity'], ['brevity', 'examples'], ['brevity', 'tone'], ['brevity', 'examples', 'tone']],
  [['examples'], ['brevity', 'examples'], ['brevity', 'tone'], ['brevity', 'examples', 'tone']],
];

/** What some edits add to the mean reward. */
export function trueEffect(edits: readonly string[], interaction: number): number {
  const main = edits.reduce((sum, edit) => sum + (editEffects[edit] ?? 0), 0);
  return main + (edits.includes('brevity') && edits.includes('examples') ? interaction : 0);
}

/**
 * A log in which the level of all rewards drifts up by .2, segments differ by .1, later edits come later, and the
 * newest prompt of a plan grows from a share of .05 to one of .5, so that probabilities move within time buckets.
 */
export function drawCreditLog(world: CreditWorld, random: Random): readonly CreditObservation[] {
  const { episodes, interaction, rewards } = world;
  return Array.from({ length: episodes }, (_, episode) => {
    const time = episode / episodes;
    const planIndex = Math.floor(time * plans.length);
    const live = plans[planIndex] ?? [];
    const newest = 0.05 + 0.45 * (time * plans.length - planIndex);
    const other = (1 - newest) / (live.length - 1);
    const draw = random.next();
    const arm = draw < newest ? live.length - 1 : Math.floor((draw - newest) / other);
    const edits = live[arm] ?? [];
    const segment = random.next() < 0.4 ? 'short' : 'long';
    const chance = 0.35 + 0.2 * time + (segment === 'short' ? 0.1 : 0) + trueEffect(edits, interaction);
    return {
      variantId: edits.join('+'),
      edits,
      stratum: `${Math.floor(time * 20)} ${segment}`,
      reward: rewards === 'graded' ? chance + 0.4 * (random.next() - 0.5) : random.next() < chance ? 1 : 0,
      propensity: arm === live.length - 1 ? newest : other,
    };
  });
}
